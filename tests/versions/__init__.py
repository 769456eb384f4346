"""The PostgreSQL versions that the scripts are for, and the registries' builds of them."""
