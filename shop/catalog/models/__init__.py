"""What the clinic offers: concerns, treatments and packages, brands, products and what links them."""

from shop.catalog.models.care import AddOn, Box, BoxItem, Concern, Package, Treatment, addon_treatment, treatment_concern
from shop.catalog.models.counts import FacetCount
from shop.catalog.models.goods import Brand, Handle, Product, ProductConcern, ProductFacet, Synonym, Variant
from shop.catalog.models.people import TeamMember
from shop.catalog.models.pictures import ProductPicture
from shop.catalog.models.prices import ScheduledPrice

__all__ = [
    "AddOn",
    "Box",
    "BoxItem",
    "Brand",
    "Concern",
    "FacetCount",
    "Handle",
    "Package",
    "Product",
    "ProductConcern",
    "ProductFacet",
    "ProductPicture",
    "ScheduledPrice",
    "Synonym",
    "TeamMember",
    "Treatment",
    "Variant",
    "addon_treatment",
    "treatment_concern",
]
