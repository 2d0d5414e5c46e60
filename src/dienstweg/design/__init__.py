"""The design system: KERN UX as Python components, template tags and words.

Every surface is drawn with these parts, so that all pages look, read and behave alike: the same
field with its hint and its error, the same summary, the same buttons, in the light and in the
dark, on paper and with a screen reader. The room knows no other room's data: it takes plain
values, or anything that has the attributes a component's Protocol names.
"""
