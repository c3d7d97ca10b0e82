"""Products with list prices, and the product lines of deals."""

from decimal import Decimal

from sqlmodel import Field

from crm_store.access import by_role, everyone, in_command, in_reach, via
from crm_store.base import Record, ScaledDecimal
from crm_store.deals import DEAL
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Product(Record, table=True):
    """Something that is sold. `list_price` is in `currency`."""

    __tablename__ = "product"
    sku: str = Field(unique=True)
    name: str
    list_price: Decimal = Field(sa_type=ScaledDecimal(2))
    currency: str = "USD"
    category: str = ""


class DealProduct(Record, table=True):
    """A product line of a deal. `unit_price` is in the deal's currency."""

    __tablename__ = "deal_product"
    deal_id: str = Field(foreign_key="deal.id", index=True)
    product_id: str = Field(foreign_key="product.id")
    quantity: int
    unit_price: Decimal = Field(sa_type=ScaledDecimal(2))


PRODUCT = Noun(
    kind="product",
    model=Product,
    label=Label("product", "产品"),
    fields=(
        FieldSpec("sku", FieldType.TEXT, Label("SKU", "编号"), required=True),
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("list_price", FieldType.AMOUNT, Label("list price", "目录价"), required=True),
        FieldSpec("currency", FieldType.TEXT, Label("currency", "币种")),
        FieldSpec("category", FieldType.TEXT, Label("category", "类别")),
    ),
    csv="products.csv",
    read=everyone,
    write=by_role(),
)

DEAL_PRODUCT = Noun(
    kind="deal_product",
    model=DealProduct,
    label=Label("deal product", "商机产品"),
    fields=(
        FieldSpec("deal", FieldType.REF, Label("deal", "商机"), ref="deal", required=True),
        FieldSpec("product", FieldType.REF, Label("product", "产品"), ref="product", csv="sku", required=True),
        FieldSpec("quantity", FieldType.INTEGER, Label("quantity", "数量"), required=True),
        FieldSpec("unit_price", FieldType.AMOUNT, Label("unit price", "单价"), required=True),
    ),
    name_field="product",
    csv="deal_products.csv",
    part_of="deal",
    read=by_role(rep=via("deal_id", lambda: DEAL.table, in_reach("owner_id"))),
    write=by_role(rep=via("deal_id", lambda: DEAL.table, in_command("owner_id"))),
)
