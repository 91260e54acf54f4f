"""What every test needs before anything else is imported."""

from importlib.util import find_spec

# Before the harness puts its own folder of the same name on the path.
import custom_components  # noqa: F401

# The codec builds its decoders once, from type hints: built under a frozen clock they make freezegun's class of
# time, which cannot be written again. The vocabulary looks at no clock. tests/e2e runs where no clock can be frozen.
if find_spec("freezegun"):
    import freezegun

    freezegun.configure(extend_ignore_list=["custom_components.ev_station.model"])

# The same examples in every run; script/campaign lives, or --hypothesis-profile=default, looks for new ones.
if find_spec("hypothesis"):
    from hypothesis import settings
    from hypothesis.internal.conjecture import providers

    # Hypothesis also tries the constants of all our modules that are loaded: others, when other tests ran before.
    local = vars(providers)["is_local_module_file"]

    def is_tried(path: str) -> bool:
        return not getattr(settings.default, "derandomize", False) and local(path)

    vars(providers)["is_local_module_file"] = is_tried
    settings.register_profile("fixed", derandomize=True, deadline=None)
    settings.load_profile("fixed")
