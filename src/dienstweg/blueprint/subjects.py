"""The subject areas under which services are listed: the fourteen of the OZG catalogue."""

SUBJECTS: dict[str, dict[str, str]] = {
    "arbeit": {"de": "Arbeit und Ruhestand", "en": "Work and retirement"},
    "auslandsbezug": {"de": "Ein- und Auswanderung", "en": "Immigration and emigration"},
    "bauen": {"de": "Bauen und Wohnen", "en": "Building and housing"},
    "bildung": {"de": "Bildung", "en": "Education"},
    "engagement": {"de": "Engagement und Hobby", "en": "Volunteering and hobbies"},
    "familie": {"de": "Familie und Kind", "en": "Family and children"},
    "forschung": {"de": "Forschung und Förderung", "en": "Research and funding"},
    "gesundheit": {"de": "Gesundheit", "en": "Health"},
    "recht": {"de": "Recht und Ordnung", "en": "Law and order"},
    "steuern": {"de": "Steuern und Zoll", "en": "Taxes and customs"},
    "umwelt": {"de": "Umwelt", "en": "Environment"},
    "unternehmen": {"de": "Unternehmen", "en": "Business"},
    "verkehr": {"de": "Mobilität und Reisen", "en": "Mobility and travel"},
    "querschnitt": {"de": "Ausweise und Bescheinigungen", "en": "Identity and certificates"},
}
