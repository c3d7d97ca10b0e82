"""The metrics of the definitions, one entry each; importing a module registers its entries."""
