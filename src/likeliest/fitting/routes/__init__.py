"""The ways to a maximum: in closed form, by climbing, at an end of the support."""
