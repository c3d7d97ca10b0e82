"""What a model may do: typed functions over the store and the analytics, one file a noun."""
