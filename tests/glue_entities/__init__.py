"""Entities, actions, triggers, panel: what Home Assistant shows of a site."""
