"""A district's roster as OneRoster CSV: read, checked, compared and joined. No AWS, no clock.

Source: 1EdTech OneRoster 1.1 and 1.2 CSV Tables (imsglobal.org/activity/onerosterlis).
"""
