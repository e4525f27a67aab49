"""People who do not exist, and where they do not live."""

from __future__ import annotations

NAMES = (
    *("Amara Lindqvist", "Bella Okonkwo", "Carys Whitmore", "Dina Haddad", "Elif Karaca", "Fenna Visser"),
    *("Greta Lindholm", "Hana Morita", "Imogen Hartley", "Jasmin Patel", "Keziah Brown", "Leona Marsh"),
    *("Maya Castellano", "Niamh Gallagher", "Oona Virtanen", "Priya Raman", "Quinn Abbott", "Rosa Delgado"),
    *("Saoirse Nolan", "Tamsin Boyle", "Una Petrescu", "Violet Ashdown", "Wren Sutherland", "Yara Mansour"),
    *("Zofia Nowicka", "Adam Bright", "Bruno Salgado", "Callum Reid", "Dev Malhotra", "Emeka Obi"),
    *("Felix Sommer", "Gareth Pryce", "Hugo Laurent", "Idris Khalil", "Jonas Berg", "Kofi Boateng"),
)
STREETS = (
    ("4 Mallow Street", "London", "SE1 4AB"),
    ("18 Canal Walk", "London", "N1 7QP"),
    ("2 Orchard Rise", "Bristol", "BS6 5TH"),
    ("71 Foundry Lane", "Leeds", "LS2 8DQ"),
    ("9 Harbour Steps", "Brighton", "BN1 1NA"),
    ("33 Weaver Row", "Manchester", "M4 6BF"),
    ("5 Castle Brae", "Edinburgh", "EH1 2NG"),
    ("12 Gower Place", "Cardiff", "CF10 3AT"),
)
