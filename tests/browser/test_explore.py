"""The explorer in the browser: what a reader drags, presses and sees."""

import re
import threading

import pytest

import likeliest as lk

POINTS = [48.8292, 49.3087, 52.4836, 53.2384, 57.6151]
HOSTILE = "</script><img src=x onerror=alert(1)><b>cost\u202e"
UNITS = {"hours": [31, 55, 90, 100, 100, 62, 71, 20], "failed": [1, 1, 1, 0, 0, 1, 1, 1]}


@pytest.fixture(scope="module")
def address():
    """Return the address of each explorer, served from a thread until the module ends."""
    import uvicorn

    from likeliest.explorer import server

    servers, addresses = [], {}

    def call(name):
        if name not in addresses:
            listening = server._listening(0)
            app = server.app_of(EXPLORERS[name](), "token")
            one = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
            thread = threading.Thread(target=one.run, kwargs={"sockets": [listening]})
            thread.start()
            servers.append((one, thread))
            addresses[name] = f"http://127.0.0.1:{listening.getsockname()[1]}/#token"
        return addresses[name]

    yield call
    for one, thread in servers:
        one.should_exit = True
        thread.join()


EXPLORERS = {
    "points": lambda: lk.explore(POINTS, "normal"),
    "rain": lambda: lk.explore(lk.datasets.seattle_rain(), "gamma"),
    "counts": lambda: lk.explore([0, 2, 1, 4, 1, 0, 3, 2, 2, 7, 1, 0, 1], "negative binomial"),
    "censored": lambda: lk.explore(UNITS, "weibull", column="hours", event="failed"),
    "hostile": lambda: lk.explore({HOSTILE: POINTS}, "normal", column=HOSTILE),
    "three": lambda: lk.explore(lk.datasets.seattle_rain(), "burr"),
}


def number(text):
    return float(text.strip("≈ ").replace(",", "").replace("−", "-").replace("∞", "inf"))


def told(page, name):
    return number(page.locator(f'dt:text-is("{name}") + dd').inner_text())


def entered(page, name):
    return number(page.get_by_label(f"{name}, the exact number").input_value())


def settled(page, name, value, digits=4):
    """Wait until a number of the page is what the library computes, to so many digits."""
    expected = pytest.approx(value, rel=0.5 * 10**-digits)
    for _ in range(100):
        if told(page, name) == expected:
            return
        page.wait_for_timeout(50)
    assert told(page, name) == expected


def go_to(page, step):
    page.locator(".steps button", has_text=step).click()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", EXPLORERS)
def test_every_reader_can_use_it(visit, address, name, dark, phone):
    one = visit(address(name), dark=dark, phone=phone)
    one.page.wait_for_selector(".figures dd")
    one.page.wait_for_selector(".hill svg .here, .hill svg .curve")
    assert one.serious() == []
    assert one.overflow() <= 0
    if name == "rain":
        for step in one.page.locator(".steps button").all()[1:]:
            step.click()
            one.page.wait_for_timeout(100)
            assert one.serious() == []
            assert one.overflow() <= 0


@pytest.mark.parametrize(
    ("name", "member", "shown"),
    [
        ("points", lk.Normal, ["mean", "std"]),
        ("rain", lk.Gamma, ["shape", "scale"]),
        ("counts", lk.NegativeBinomial, ["mean", "dispersion"]),
        ("censored", lk.Weibull, ["shape", "scale"]),
    ],
)
def test_sliders_move_the_numbers(visit, address, name, member, shown):
    page = visit(address(name)).page
    seen = EXPLORERS[name]()._answers.exact
    for at, parameter in enumerate(shown):
        slider = page.get_by_label(parameter, exact=True)
        before = told(page, "log likelihood")
        slider.fill(str(420 + 90 * at))  # of a thousand
        here = {each: entered(page, each) for each in shown}
        settled(page, "log likelihood", member(**here).log_likelihood(seen))
        settled(page, "mean NLL", -member(**here).log_likelihood(seen) / seen.n)
        assert told(page, "log likelihood") != before
        assert slider.get_attribute("aria-valuetext").replace(",", "") == f"{here[parameter]:g}"
    page.get_by_label(f"{shown[0]}, the exact number").fill("3.25")
    page.get_by_label(f"{shown[0]}, the exact number").press("Enter")
    here[shown[0]] = 3.25
    settled(page, "log likelihood", member(**here).log_likelihood(seen))


def test_keys_move_a_slider_and_what_is_typed_wrong_is_put_back(visit, address):
    page = visit(address("points")).page
    slider, box = page.get_by_label("std", exact=True), page.get_by_label("std, the exact number")
    slider.focus()
    slider.press("ArrowRight")
    moved = number(box.input_value())
    assert moved > 5.1
    settled(page, "log likelihood", lk.Normal(49.9, moved).log_likelihood(POINTS))
    box.fill("five")
    box.press("Enter")
    assert number(box.input_value()) == moved
    box.fill("-1")
    box.press("Enter")
    page.wait_for_selector(".warning:has-text('std must be > 0')")


def test_the_maximum_is_one_press_away(visit, address):
    page = visit(address("rain")).page
    fit = lk.fit(lk.datasets.seattle_rain(), "gamma")
    page.get_by_role("button", name="Maximum likelihood", exact=True).click()
    settled(page, "log likelihood", fit.log_likelihood, 7)
    settled(page, "below the maximum", 0.0)
    for name, value in fit.parameters.items():
        assert entered(page, name) == pytest.approx(value, rel=1e-5)


def test_descent_steps_reach_the_maximum(visit, address):
    page = visit(address("points")).page
    go_to(page, "Gradient descent")
    page.get_by_role("button", name="One step").click()
    page.wait_for_selector("text=1 step. Slope of the mean NLL by mean")
    assert told(page, "below the maximum") > 0.0
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector("text=This is the estimate", timeout=60_000)
    best = lk.fit(POINTS, "normal")
    settled(page, "log likelihood", best.log_likelihood)
    for name, value in best.parameters.items():
        assert entered(page, name) == pytest.approx(value, abs=1.5e-3 * best.standard_errors[name])
    assert page.locator(".hill .walked").count() > 10
    assert page.get_by_role("button", name="Run").is_enabled()


def test_the_story_tells_the_numbers(visit, address):
    """The reference document's own: P(50 ≤ x ≤ 52.5) and the likelihood of distribution A."""
    page = visit(address("points")).page

    def enter(name, value):
        box = page.get_by_label(f"{name}, the exact number")
        box.fill(str(value))
        box.press("Enter")

    go_to(page, "Probability")
    enter("mean", 50)
    enter("std", 2.5)
    enter("to", 52.5)
    enter("from", 50)
    page.wait_for_selector(".answer:has-text('P(50 ≤ x ≤ 52.5) = 0.3413')")
    enter("std", 5)
    go_to(page, "2. Likelihood")
    page.wait_for_selector(".answer:has-text('7.00297e-07')")
    column = page.locator("tbody tr td:nth-child(2)").all_inner_texts()
    assert [round(number(each), 4) for each in column] == [0.0776, 0.0790, 0.0705, 0.0647, 0.0250]
    go_to(page, "3. Log likelihood")
    page.wait_for_selector(".answer:has-text('−14.1718')")
    go_to(page, "Negative log likelihood")
    page.wait_for_selector(".answer:has-text('2.83435 nats')")
    go_to(page, "Cross entropy")
    best = lk.fit(POINTS, "normal").distribution
    entropy, divergence = best.entropy, lk.kl_divergence(best, lk.Normal(50, 5))
    page.wait_for_selector(f".answer:has-text('its entropy, {entropy:.5g}')")
    page.wait_for_selector(f".answer:has-text('{divergence:.5g}')")


def test_another_family_is_chosen(visit, address):
    page = visit(address("three")).page
    page.get_by_label("Parameter across").select_option("scale")
    page.wait_for_selector('.hill svg[aria-label^="Log likelihood over scale and"]')
    page.get_by_label("Family", exact=True).select_option("exponential")
    page.wait_for_selector('.hill svg[aria-label="Log likelihood over rate"]')
    rate = entered(page, "rate")
    expected = lk.Exponential(rate).log_likelihood(lk.datasets.seattle_rain())
    settled(page, "log likelihood", expected)
    page.get_by_label("Family", exact=True).select_option("beta")
    page.wait_for_selector(".warning:has-text('beta needs 0 < x < 1')")
    settled(page, "log likelihood", float("-inf"))


def test_hostile_names_stay_text(visit, address):
    page = visit(address("hostile")).page
    page.wait_for_selector(".figures dd")
    assert page.locator("img, b").count() == 0
    shown = HOSTILE.replace("\u202e", r"\u202e")
    assert shown in page.inner_text("h1")
    assert shown in page.title()
    assert "\u202e" not in page.content()


def test_the_latest_wins(visit, address):
    """However fast a thumb moves, one request is under way, and its last position stands."""
    page = visit(address("rain")).page
    page.wait_for_selector(".figures dd")
    flying, most = set(), [0]

    def sent(request):
        flying.add(request)
        most[0] = max(most[0], len(flying))

    def landed(request):
        flying.discard(request)

    page.on("request", sent)
    page.on("requestfinished", landed)
    slider = page.get_by_label("shape", exact=True)
    slider.evaluate(
        """element => {
        for (let at = 300; at <= 700; at += 1) {
          element.value = at;
          element.dispatchEvent(new Event("input", { bubbles: true }));
        }
        element.dispatchEvent(new Event("change", { bubbles: true }));
      }"""
    )
    shape = entered(page, "shape")
    scale = entered(page, "scale")
    data = lk.datasets.seattle_rain()
    settled(page, "log likelihood", lk.Gamma(shape, scale).log_likelihood(data))
    assert most[0] == 1


def test_without_its_token_a_page_says_so(visit, address, chromium):
    page = chromium.new_page()  # a refused request is an error of the console, and is meant here
    page.goto(address("points").split("#")[0])
    page.wait_for_selector(".warning:has-text('open the address that likeliest printed')")
    page.close()
    one = visit(address("points"))
    one.page.wait_for_selector(".figures dd")
    assert "token" not in one.page.url
    one.page.reload()
    one.page.wait_for_selector(".figures dd")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", one.page.url)
