"""In a real browser: previews draw, say what is wrong, and reach nothing; cards fit the page."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Frame, Page
from samples import SAMPLES

from genart_nb.media.base import Sheet
from genart_nb.media.typeset import html

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 900, "height": 900})
    yield page
    page.close()


class Outside:
    """A server on loopback that remembers what was asked of it."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.asked = asked
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    yield outside
    outside.server.shutdown()


def sketch(page: Page, source: str, lang: str = "p5js") -> Frame:
    page.set_content(html(Sheet(source, "code", facts={"lang": lang})))
    for _ in range(100):
        page.wait_for_timeout(100)
        if len(page.frames) == 3:  # the page, the outer sandbox and the one in it
            break
    page.wait_for_timeout(300)
    return page.frames[-1]


def test_a_sketch_draws_and_moves(page: Page) -> None:
    frame = sketch(page, SAMPLES["p5js"].data)
    frame.wait_for_function("frameCount > 5")
    assert frame.evaluate("[...drawingContext.getImageData(3, 3, 1, 1).data]") == [18, 21, 31, 255]


SAYINGS = [
    ("String(color(255, 0, 0))", "rgba(255,0,0,1)"),
    ("String(color('#336699'))", "rgba(51,102,153,1)"),
    ("String(color(128))", "rgba(128,128,128,1)"),
    ("(colorMode(HSB), String(color(120, 100, 100)))", "rgba(0,255,0,1)"),
    ("(colorMode(HSB, 255), String(color(0, 255, 255)))", "rgba(255,0,0,1)"),
    ("(colorMode(HSL), String(color(240, 100, 50)))", "rgba(0,0,255,1)"),
    ("String(lerpColor(color(0), color(200), 0.5))", "rgba(100,100,100,1)"),
    ("map(5, 0, 10, 0, 100)", 50),
    ("map(20, 0, 10, 0, 100, true)", 100),
    ("(angleMode(DEGREES), round(sin(90), 6))", 1),
    ("dist(0, 0, 3, 4)", 5),
    ("max([1, 4, 2])", 4),
    ("createVector(3, 4).mag()", 5),
    ("[0, 1, 2].map(i => noise(i * 0.37, i)).every(v => v >= 0 && v <= 1)", True),
    ("(randomSeed(3), random()) === (randomSeed(3), random())", True),
    ("[1, 2].includes(random([1, 2]))", True),
    ("nf(3.14159, 2, 2)", "03.14"),
]


def test_the_sketch_language(page: Page) -> None:
    frame = sketch(page, "function setup() { createCanvas(100, 100); }")
    for call, expected in SAYINGS:
        assert frame.evaluate(f"(colorMode(RGB), angleMode(RADIANS), {call})") == expected, call


SHAPES = [
    "rect(10, 10, 30, 30)",
    "rect(10, 10, 30, 30, 5)",
    "square(9, 9, 9)",
    "circle(50, 50, 40)",
    "ellipse(50, 50, 30, 9)",
    "line(5, 5, 90, 90)",
    "triangle(5, 5, 50, 90, 90, 5)",
    "quad(5, 5, 50, 9, 90, 90, 9, 50)",
    "arc(50, 50, 60, 60, 0, PI)",
    "arc(50, 50, 60, 60, 0, PI, CHORD)",
    "point(50, 50)",
    "bezier(5, 5, 90, 5, 5, 90, 90, 90)",
    "text('Hi', 20, 50)",
    "beginShape(); vertex(5, 5); vertex(90, 9); vertex(50, 90); endShape(CLOSE)",
    "beginShape(); for (let i = 0; i < 6; i++) curveVertex(i * 18, (i % 2) * 60 + 20); endShape()",
]


def test_every_shape_marks_the_canvas(page: Page) -> None:
    frame = sketch(page, "function setup() { createCanvas(100, 100); strokeWeight(3); noLoop(); }")
    marks = "drawingContext.getImageData(0, 0, 100, 100).data.some((v, i) => i % 4 === 3 && v > 0)"
    for call in SHAPES:
        assert frame.evaluate(f"(() => {{ clear(); {call}; return {marks}; }})()"), call
    assert not frame.evaluate(f"(() => {{ clear(); return {marks}; }})()")


def test_a_sketch_that_fails_says_so_with_its_line(page: Page) -> None:
    frame = sketch(page, "function setup() {\n  createCanvas(100, 100);\n  createGraphics(5, 5);\n}")
    said = frame.inner_text("[role=alert]")
    assert "createGraphics is not defined" in said and "(line 3)" in said
    assert "only 2D" in sketch(page, "function setup() { createCanvas(9, 9, WEBGL) }\nconst WEBGL = 'w'").inner_text(
        "pre"
    )
    assert "SyntaxError" in sketch(page, "function setup( {").inner_text("[role=alert]")


def test_a_sketch_reaches_neither_network_nor_page(page: Page, outside: Outside) -> None:
    source = f"""
      const tries = [
        () => fetch('{outside.url}/fetch').catch(() => 0), () => {{ new Image().src = '{outside.url}/image'; }},
        () => navigator.sendBeacon('{outside.url}/beacon'), () => new WebSocket('{outside.url}/socket'),
        ...['script', 'iframe', 'embed'].map(tag => () =>
          document.body.append(Object.assign(document.createElement(tag), {{src: '{outside.url}/' + tag}}))),
        () => open('{outside.url}/popup'), () => {{ top.location = '{outside.url}/top'; }},
        () => {{ parent.location = '{outside.url}/parent'; }}, () => {{ top.document.title = 'touched'; }},
        () => {{ document.body.innerHTML += '<form action={outside.url}/form><button>'; document.forms[0].submit(); }},
        () => new RTCPeerConnection(), () => {{ location.href = '{outside.url}/location'; }},
      ];
      function setup() {{ for (const t of tries) try {{ t(); }} catch (e) {{}} }}
      // </script><script>parent.location='{outside.url}/closed'</script>
      "</script><meta http-equiv=refresh content='0;url={outside.url}/refresh'>";
    """
    sketch(page, source)
    page.wait_for_timeout(1200)
    assert outside.asked == []
    assert page.title() == "" and page.url == "about:blank"
    page.evaluate(f"fetch('{outside.url}/control', {{mode: 'no-cors'}})")
    page.wait_for_timeout(200)
    assert outside.asked == ["/control"]


def test_a_drawing_runs_no_script_and_loads_nothing(page: Page, outside: Outside) -> None:
    source = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" onload="document.title='ran'">
      <script>document.title = 'ran'</script><image href="{outside.url}/image" width="5" height="5"/>
      <style>@import url({outside.url}/css); rect {{ fill: url({outside.url}/fill#a) }}</style>
      <foreignObject><iframe src="{outside.url}/frame"></iframe>
      <meta http-equiv="refresh" content="0;url={outside.url}/refresh">
      </foreignObject><rect width="5" height="5"/></svg>"""
    page.set_content(html(Sheet(source, "code", facts={"lang": "svg"})))
    page.wait_for_timeout(1000)
    drawn = [frame for frame in page.frames if frame.query_selector("rect")]
    assert len(drawn) == 1 and drawn[0].title() == ""
    assert outside.asked == []


@pytest.mark.parametrize("width", [1280, 400, 280])
def test_no_card_is_wider_than_its_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content("".join(html(sheet) for sheet in SAMPLES.values()))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_cards_do_not_disturb_one_another_or_the_page(page: Page) -> None:
    measure = """() => [...document.querySelectorAll('figure *, .around')].map(e => { const c = getComputedStyle(e);
      return [e.tagName, c.font, c.color, c.margin, c.padding, c.display, e.offsetHeight].join() })"""
    around = '<p class="around">A paragraph.</p><ul class="around"><li class="around">An item.</li></ul>'
    alone = []
    for sheet in SAMPLES.values():
        page.set_content(html(sheet))
        alone += page.evaluate(measure)
    page.set_content(around)
    alone += page.evaluate(measure)
    page.set_content("".join(html(sheet) for sheet in SAMPLES.values()) + around)
    assert page.evaluate(measure) == alone


def test_a_character_sheets_labels_stand_on_one_line(page: Page) -> None:
    page.set_content(f'<div style="max-width:46rem">{html(SAMPLES["profile"])}</div>')
    heights = page.locator("dt").evaluate_all("all => all.map(each => each.getClientRects()[0].height)")
    assert len(heights) > 2 and max(heights) == min(heights)
