from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """What conventions speak of: services, facts, rights; and the library of supports."""

    name = "maillage.catalogue"
    label = "catalogue"
