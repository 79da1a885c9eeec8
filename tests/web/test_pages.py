"""What pages of the shipped portfolio show, in three languages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from string import Formatter

import pytest
from flask.testing import FlaskClient

from publisher.config import shipped
from publisher.web import labels, texts
from publisher.web.app import licence_name

CODES = [path.stem for path in sorted(shipped("data", "osallisuus", "projects").glob("*.yaml"))]
VOID = {"meta", "link", "br", "wbr", "hr", "img", "input"}


@pytest.fixture
def client(portfolio_app) -> FlaskClient:
    return portfolio_app.test_client()


class Tree(HTMLParser):
    """Reads a page strictly: every element is closed where it should be, ids are unique; text by nearest `lang`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.spoken: list[tuple[str, str]] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        assert len(values) == len(attrs), (tag, attrs)
        self.tags.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.hrefs += [values["href"]] if "href" in values else []
        if tag not in VOID:
            self.open.append((tag, values.get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if data.strip():
            self.spoken.append((self.open[-1][1] if self.open else "", data.strip()))


def read(client: FlaskClient, path: str) -> tuple[str, Tree]:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    page = answer.get_data(as_text=True)
    return page, Tree(page)


def test_the_portfolio_has_its_projects():
    assert len(CODES) == 13


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_project_has_a_sound_page_in_every_language(client, code, language):
    page, tree = read(client, f"/doc/project/{code}?lang={language}")
    assert f'<html lang="{language}">' in page
    assert tree.tags.count("h1") == tree.tags.count("main") == 1
    assert len(tree.ids) == len(set(tree.ids))
    assert {href[1:] for href in tree.hrefs if href.startswith("#")} <= set(tree.ids)
    for key in ("facts", "outcomes", "continuation", "participants", "funding", "sources"):
        assert texts.word(key, language) in page
    assert "None" not in page
    assert not re.search(r">\s*(?:dct|foaf|skos|rdf|org):\w+", page)


@pytest.mark.parametrize(
    "path",
    ["/", "/doc/portfolio/osallisuus", "/doc/organisation/FI-0292800-5", "/doc/source/osallisuus-form",
     "/doc/outcome/S20831~good-practices", "/doc/place/helsinki", "/concept/target-group/roma"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_other_pages_are_sound(client, path, language):
    _, tree = read(client, f"{path}?lang={language}")
    assert tree.tags.count("h1") == 1
    assert len(tree.ids) == len(set(tree.ids))


def test_finnish_words_on_an_english_page_say_so(client):
    _, tree = read(client, "/doc/project/S20831?lang=en")
    wording = [lang for lang, text in tree.spoken if "hyvää käytäntöä" in text]
    assert wording
    assert set(wording) == {"fi"}


def test_an_outcome_tells_quantity_kind_and_words(client):
    page, _ = read(client, "/doc/outcome/S20831~good-practices?lang=en")
    assert "25 (practice)" in page
    assert "good practices" in page
    assert "translation by the publisher" in page


def test_an_outcome_is_called_by_its_title_and_keeps_its_proper_name(client):
    page, tree = read(client, "/doc/project/S20831?lang=en")
    assert "Campaign on discrimination of Roma in the labour market" in page
    assert "#työnimi" in [text for _, text in tree.spoken]
    concept, _ = read(client, "/concept/target-group/roma?lang=en")
    assert "Campaign on discrimination of Roma" in concept


def test_a_project_without_outcomes_says_so(client):
    page, _ = read(client, "/doc/project/S21162?lang=sv")
    assert page.count("inte rapporterat") == 3


def test_an_absent_amount_is_never_a_sum(client):
    page, _ = read(client, "/doc/project/S21162?lang=en")
    assert "not given (not published)" in page
    assert "One sum covers" not in page


def test_sources_stand_side_by_side_with_participants_and_money(client):
    page, _ = read(client, "/doc/project/S20739?lang=en")
    table = page.partition('<table class="compare">')[2].partition("</table>")[0]
    assert table.count('scope="col"') == 3
    assert "chosen source" in table
    assert re.search(r'<th scope="row">Applicant</th>\s*(?:<td>.*?A-klinikkasäätiö.*?</td>\s*){3}', table, re.DOTALL)
    assert "€1,581,734" in table


def test_an_organisation_lists_its_projects_by_role(client):
    page, _ = read(client, "/doc/organisation/FI-0292800-5?lang=fi")
    assert "hakija" in page
    for project in ("S20394", "S20752", "S21275"):
        assert f"/doc/project/{project}?lang=fi" in page
    assert "Saamelaisten hyvinvointi ja yhdenvertaisuus" in page


def test_the_home_page_tells_identifier_forms_release_and_licence(client, osallisuus):
    page, tree = read(client, "/?lang=en")
    assert "id/<wbr>dataset/<wbr>portfolio" in page
    assert {"/catalog.ttl", "/catalog.jsonld", "/catalog.rdf"} <= set(tree.hrefs)
    assert osallisuus.id in page
    assert labels.written_date(osallisuus.manifest.created, "en") in page
    assert ">CC BY 4.0</a>" in page
    for code in CODES:
        assert f"/doc/project/{code}?lang=en" in tree.hrefs


def test_the_home_page_in_rdf_describes_the_dataset(client, osallisuus):
    body = client.get("/", headers={"Accept": "application/n-triples"}).get_data(as_text=True)
    dataset = f"<{osallisuus.manifest.base_iri}/id/dataset/portfolio>"
    assert f"{dataset} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset>" in body
    assert f"{dataset} <http://rdfs.org/ns/void#triples>" in body


def test_a_licence_is_named_by_its_code():
    assert licence_name("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0") == "CC BY 4.0"
    assert licence_name("http://publications.europa.eu/resource/authority/licence/CC0") == "CC0"
    assert licence_name("") == ""


@pytest.mark.parametrize(
    ("lexical", "finnish", "english"),
    [("2016-08-01", "1.8.2016", "1 August 2016"), ("2016-08", "8/2016", "August 2016"), ("2016", "2016", "2016"),
     ("2016-13-01", "1.13.2016", "2016-13-01"), ("soon", "soon", "soon")],
)  # fmt: skip
def test_dates_are_written_as_the_language_does(lexical, finnish, english):
    assert labels.written_date(lexical, "fi") == finnish
    assert labels.written_date(lexical, "en") == english


def test_every_text_says_the_same_in_every_language():
    for key, entry in texts.TEXTS.items():
        assert set(entry) == set(texts.LANGUAGES), key
        fields = {tuple(sorted(f for _, f, _, _ in Formatter().parse(t) if f)) for t in entry.values()}
        assert len(fields) == 1, key
        assert all(entry.values()), key
