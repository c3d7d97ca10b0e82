"""What records can be filtered, sorted and grouped by: their own fields, and what is derived from them."""

from analytics.attributes.catalogue import attribute, attributes

__all__ = ["attribute", "attributes"]
