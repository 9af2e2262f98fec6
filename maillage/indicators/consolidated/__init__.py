"""Figures of many conventions together: caisse, region, nation, and by network of partners; protected before anybody else reads them."""
