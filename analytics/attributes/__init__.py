"""What records can be filtered, sorted and grouped by beyond their own fields; one module of derived attributes a kind."""

from analytics.attributes.catalogue import attribute, attributes

__all__ = ["attribute", "attributes"]
