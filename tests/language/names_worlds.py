"""Two invented companies' records, unlike the demo world's, for measuring how names are found."""

from language.lexicon import Entry

HARBOURLINE = {
    "accounts": ["Ashgrove Dental Group", "Bellwether Insurance", "Cobalt Ridge Mining Ltd", "Dunmore & Hayes LLP", "Everglade Hospitality",
                 "Foxglove Textiles", "Summit Outdoor Gear", "Greyfriars Brewing Co", "Larkspur Biotech Inc", "Thornbury Freight",
                 "Windermere Optics", "Pemberton Paper Company", "Saltmarsh Seafood", "Zephyr Turbines GmbH", "Oakhaven Senior Care"],
    "people": ["Benedict Oyelaran", "Siobhan Gallagher", "Katherine Applewhite", "William Thackeray", "Frank Delacroix", "Grace Holloway",
               "Rajesh Venkataraman", "Yolanda Mireles", "Anthony Castellano", "Michael Ostrowski", "Elizabeth Fairweather", "Mark Abernathy",
               "Thomas Whitlock", "Margaret Sutherland", "Alexander Petrenko", "Nicholas Brandvold", "Theodore Marchetti", "Rebecca Lindholm",
               "Gregory Nakashima", "Charlotte Beauchamp", "Samuel Achterberg", "Victoria Esposito", "Joseph McAllister", "Edward Pennington",
               "Patricia Okonkwo", "Daniel Rosenthal", "Jennifer Vandenberg", "Christopher Ballantyne", "Timothy Garrison", "Kimberly Northcott"],
    "titles": ["CFO", "Office Manager", "Head of Procurement", "VP Sales", "IT Director"],
    "deals": ["chairside rollout", "claims portal", "phase 2", "fleet telematics", "annual renewal", "pilot"],
}
QINGHE = {
    "accounts": ["深圳蓝海智能科技有限公司", "成都蜀锦纺织股份有限公司", "武汉江城轨道交通设备有限公司", "西安秦岭制药集团有限公司", "青岛海岳物流有限公司",
                 "长沙湘润食品有限公司", "厦门鹭岛电子有限公司", "郑州中原重工机械有限公司", "东莞嘉禾包装有限公司", "大连北辰船舶工程有限公司"],
    "people": ["郭志远", "蒋文静", "唐晓峰", "邓丽华", "曹振国", "彭雪梅", "潘建军", "袁思琪", "董浩然", "余秀兰", "杜海涛", "叶青", "程刚", "苏敏仪", "魏东",
               "薛佳", "阎立新", "欧阳倩", "谭伟明", "贾玉珍"],
    "titles": ["总经理", "采购经理", "设备主管", "财务总监", "厂长"],
    "deals": ["一期项目", "产线改造项目", "年度续约", "试点", "数据平台项目"],
}  # fmt: skip


def invented_entries(world: dict[str, list[str]]) -> list[Entry]:
    """Records of one invented company: every account with people, titles and deals, all in a fixed order."""
    entries: list[Entry] = []
    for n, name in enumerate(world["accounts"]):
        account = f"account:{name}"
        entries.append(Entry("account", account, name))
        people = world["people"][2 * n : 2 * n + 2]
        for k, person in enumerate(people):
            title = world["titles"][(n + k) % len(world["titles"])]
            entries.append(Entry("contact", f"contact:{person}", person, (), account, title=title))
        short = name.split()[0] if name.isascii() else name[2:4]
        for k in range(2):
            deal = world["deals"][(n + 2 * k) % len(world["deals"])]
            full = f"{short} {deal}" if name.isascii() else f"{short}{deal}"
            entries.append(Entry("deal", f"deal:{full}", full, (), account))
    return entries
