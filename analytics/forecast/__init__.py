"""What a period will bring: figures by owner and team, win chances from own history, a probable range."""

from analytics.forecast.report import ForecastReport, NoForecastError, forecast

__all__ = ["ForecastReport", "NoForecastError", "forecast"]
