"""The change feed: pages of the event stream in every form, what belongs to a member, Atom, pages for people."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import chains
import portfolios
import pyoxigraph as ox
import pytest
import rdflib
from chains import Chain
from flask.testing import FlaskClient
from rdflib import RDF, SH, XSD, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from werkzeug.test import create_environ, run_wsgi_app

from publisher import entities, manifest, release
from publisher.formats import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from publisher.history import open_history
from publisher.iris import Minter
from publisher.masters import Master
from publisher.namespaces import pf
from publisher.web import change_pages, changes, ldes, oai_xml
from publisher.web import members as pages
from publisher.web.app import create_app

BASE = "https://example.org/p"
STREAM = URIRef(f"{BASE}/id/dataset/changes")
ROOT = URIRef("http://localhost/changes")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
IS_VERSION_OF = URIRef("http://purl.org/dc/terms/isVersionOf")
IS_REPLACED_BY = URIRef("http://purl.org/dc/terms/isReplacedBy")
FORMS = {TRIG: "trig", N_QUADS: "nquads", JSON_LD: "json-ld", TURTLE: "turtle", N_TRIPLES: "nt"}
FIRST = portfolios.FILES["projects/S00001.yaml"]
SECOND = FIRST.replace("S00001", "S00002").replace("Ääkköset", "Toinen <b>&amp;</b> ]]>")
ATOM = "{http://www.w3.org/2005/Atom}"


class Story:
    """Releases of one portfolio, and what each page was when it came: the third changes a project and drops one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.releases = folder / "releases"
        self.ids: list[str] = []
        self.pages: dict[str, tuple[str, bytes]] = {}
        source = portfolios.write(folder / "source", S00002=SECOND)
        self.settings = portfolios.settings(source)
        self.build()
        (source / "projects" / "S00003.yaml").write_text(SECOND.replace("S00002", "S00003"), encoding="utf-8")
        self.build()
        (source / "projects" / "S00001.yaml").write_text(FIRST.replace("2018-12-31", "2019-12-31"), encoding="utf-8")
        (source / "projects" / "S00002.yaml").unlink()
        self.build(reason="Peruttu & <poistettu>")

    def build(self, reason: str = "") -> None:
        source = str(self.folder / "source")
        made, report, fresh = release.build([source], self.settings, self.releases, reason=reason)
        assert report.conforms
        assert fresh
        self.ids.append(made.id)
        path = f"/changes/{made.id}.nq"
        answer = self.client().get(path)
        self.pages[path] = (answer.headers["ETag"], answer.data)

    def client(self) -> FlaskClient:
        return create_app(self.settings, self.releases, None).test_client()

    def statements(self, kind: str, key: str, number: int) -> set[ox.Triple]:
        """What a release (0 = the first) says of an entity."""
        found = manifest.find(self.releases, self.ids[number])
        with Master(found.file(found.manifest.master)) as master:
            lines = list(entities.statements(master, Minter(BASE), kind, key))
        return {quad.triple for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("story"))


@pytest.fixture
def client(story: Story) -> FlaskClient:
    return story.client()


@pytest.fixture
def copied(story: Story, tmp_path: Path) -> Path:
    """A copy of the releases that a test may damage."""
    shutil.copytree(story.releases, tmp_path / "releases", symlinks=True)
    return tmp_path / "releases"


def graph(client: FlaskClient, path: str) -> rdflib.Graph:
    answer = client.get(f"{path}.nt")
    assert answer.status_code == 200, answer.text
    return rdflib.Graph().parse(data=answer.data, format="nt")


def quads(client: FlaskClient, path: str, form: Format = N_QUADS) -> set[ox.Quad]:
    return set(ox.parse(client.get(f"{path}{form.suffix}").data, format=form.rdf()))


def members(client: FlaskClient, event: str) -> dict[str, str]:
    """Type by thing of an event's members, over all of its pages, in their order."""
    found: dict[str, str] = {}
    path = f"/changes/{event}"
    while path:
        page = graph(client, path)
        listed = re.findall(r"tree#member> <([^>]*)>", client.get(f"{path}.nq").text)
        for iri in listed:
            thing = str(page.value(URIRef(iri), IS_VERSION_OF))
            assert thing not in found
            assert iri == f"{BASE}/changes/{event}#{thing.removeprefix(f'{BASE}/id/')}"
            found[thing.removeprefix(f"{BASE}/id/")] = str(page.value(URIRef(iri), RDF.type)).rpartition("#")[2]
        further = set(page.objects(None, TREE.node))
        assert len(further) <= 1
        path = str(next(iter(further))).removeprefix("http://localhost") if further else ""
    return found


# -- forms


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib, which its own parsers give rise to
@pytest.mark.parametrize("page", ["", "/0", "/2"])
def test_every_form_says_the_same(client: FlaskClient, story: Story, page: str) -> None:
    path = "/changes" + (f"/{story.ids[int(page[1:])]}" if page else "")
    wanted = quads(client, path)
    assert len({quad.graph_name for quad in wanted}) > 1 or not page
    heap = rdflib.Graph().parse(data=client.get(f"{path}.ttl").data, format="turtle")
    for form, name in FORMS.items():
        answer = client.get(f"{path}{form.suffix}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == form.content_type
        assert client.get(path, headers={"Accept": form.media_type}).data == answer.data
        if form in (TURTLE, N_TRIPLES):
            # What leads from a portfolio to a project would be the portfolio's here; each project leads back.
            told = {quad.triple for quad in wanted if quad.predicate.value != pf.project}
            assert {triple.triple for triple in ox.parse(answer.data, format=form.rdf())} == told
            assert isomorphic(rdflib.Graph().parse(data=answer.data, format=name), heap)
        else:
            assert set(ox.parse(answer.data, format=form.rdf())) == wanted
            parsed = rdflib.Dataset()
            parsed.parse(data=answer.data, format=name)
            assert len(set(parsed.quads())) == len(wanted)


def test_an_answer_is_cached_as_long_as_it_holds(client: FlaskClient, story: Story) -> None:
    root = client.get("/changes.ttl")
    assert root.headers["Cache-Control"] == "public, max-age=60"
    assert "immutable" in client.get(f"/changes/{story.ids[0]}.ttl").headers["Cache-Control"]
    for path in ("/changes.ttl", f"/changes/{story.ids[1]}.jsonld", "/changes", "/changes.atom"):
        answer = client.get(path)
        assert not answer.headers["ETag"].startswith("W/")
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        head = client.head(path)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(answer.data))
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert client.options(path).headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in client.get("/changes").headers["Vary"]


def test_a_page_never_changes(client: FlaskClient, story: Story) -> None:
    for path, (etag, body) in story.pages.items():
        answer = client.get(path)
        assert (answer.headers["ETag"], answer.data) == (etag, body)


# -- the tree


def test_the_first_page_says_what_the_stream_is(client: FlaskClient) -> None:
    """Server primer, "For the Root Node" and "Relations"."""
    page = graph(client, "/changes")
    assert list(page.subject_objects(TREE.view)) == [(STREAM, ROOT)]
    assert (STREAM, RDF.type, LDES.EventStream) in page
    assert (ROOT, RDF.type, TREE.Node) in page
    for name, value in {
        "timestampPath": AS.published, "versionOfPath": IS_VERSION_OF, "versionCreatePath": RDF.type,
        "versionUpdatePath": RDF.type, "versionDeletePath": RDF.type, "versionCreateObject": AS.Create,
        "versionUpdateObject": AS.Update, "versionDeleteObject": AS.Delete,
    }.items():  # fmt: skip
        assert list(page.objects(STREAM, LDES[name])) == [value]
    (policy,) = page.objects(ROOT, LDES.retentionPolicy)
    assert isinstance(policy, URIRef)
    assert list(page.objects(policy, LDES.versionAmount)) == [Literal(1)]
    (shape,) = page.objects(STREAM, TREE.shape)
    assert (shape, RDF.type, SH.NodeShape) in page
    assert not list(page.objects(STREAM, TREE.member))


def test_every_event_is_found_by_its_time(client: FlaskClient, story: Story) -> None:
    live = manifest.current(story.releases)
    assert live is not None
    with open_history(story.releases, live) as history:
        times = {f"http://localhost/changes/{event.name}": event.at for event in history.events()}
    page = graph(client, "/changes")
    found: dict[str, dict[str, str]] = {}
    for relation in page.objects(ROOT, TREE.relation):
        (node,), (path,), (value,) = (list(page.objects(relation, TREE[name])) for name in ("node", "path", "value"))
        (kind,) = page.objects(relation, RDF.type)
        assert path == AS.published
        assert isinstance(value, Literal)
        assert value.datatype == XSD.dateTime
        found.setdefault(str(node), {})[str(kind).rpartition("#")[2]] = str(value).replace("+00:00", "Z")
    assert list(times) == [f"http://localhost/changes/{name}" for name in story.ids]
    assert found == {
        node: {"GreaterThanOrEqualToRelation": at, "LessThanOrEqualToRelation": at} for node, at in times.items()
    }
    for path, at in times.items():
        event = graph(client, path.removeprefix("http://localhost"))
        assert {str(time).replace("+00:00", "Z") for time in event.objects(None, AS.published)} == {at}
        assert (URIRef(path), LDES.immutable, Literal(True)) in event
        assert list(event.objects(STREAM, TREE.view)) == [ROOT]


def test_older_events_get_pages_of_their_own(
    client: FlaskClient, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "ARCHIVED", 2)
    page = graph(client, "/changes")
    assert {str(node) for node in page.objects(None, TREE.node)} == {f"{ROOT}/archive/1", f"{ROOT}/{story.ids[2]}"}
    times = {str(page.value(r, RDF.type)).rpartition("#")[2]: str(page.value(r, TREE.value))
             for r in page.subjects(TREE.node, URIRef(f"{ROOT}/archive/1"))}  # fmt: skip
    assert times["GreaterThanOrEqualToRelation"] < times["LessThanOrEqualToRelation"]
    archive = graph(client, "/changes/archive/1")
    assert {str(node) for node in archive.objects(None, TREE.node)} == {f"{ROOT}/{name}" for name in story.ids[:2]}
    assert (URIRef(f"{ROOT}/archive/1"), LDES.immutable, Literal(True)) in archive
    assert "immutable" in client.get("/changes/archive/1").headers["Cache-Control"]
    for name in ("0", "2", "-1", "1e9", "٣", "9" * 400, "x", "1.html", "1.exe", ""):
        assert client.get(f"/changes/archive/{name}").status_code == 404, name


# -- members


def test_each_event_tells_what_it_did(client: FlaskClient, story: Story) -> None:
    first, second, third = (members(client, name) for name in story.ids)
    assert set(first.values()) == {"Create"}
    assert {"project/S00001", "project/S00002", "organisation/eu", "place/helsinki", "portfolio/measure",
            "source/form"} <= set(first)  # fmt: skip
    assert second == {"project/S00003": "Create"}
    assert third == {"project/S00001": "Update", "project/S00002": "Delete"}


@pytest.mark.parametrize(
    ("number", "kind", "key"),
    [(0, "project", "S00001"), (0, "project", "S00002"), (0, "organisation", "eu"), (0, "portfolio", "measure"),
     (1, "project", "S00003"), (2, "project", "S00001")],
)  # fmt: skip
def test_a_member_is_the_thing_with_its_parts(
    client: FlaskClient, story: Story, number: int, kind: str, key: str
) -> None:
    member = ox.NamedNode(f"{BASE}/changes/{story.ids[number]}#{kind}/{key}")
    page = quads(client, f"/changes/{story.ids[number]}")
    told = {quad.triple for quad in page if quad.graph_name == member}
    assert told == story.statements(kind, key, number)
    assert len({triple.subject for triple in told}) > 3 or kind != "project", "outcomes, money, evidence"
    own = {quad.predicate.value for quad in page if quad.subject == member}
    assert own == {str(RDF.type), str(IS_VERSION_OF), str(AS.published)}


def test_the_shape_leads_to_every_part(client: FlaskClient, story: Story) -> None:
    """Where there are no graphs: by the shape's node links alone, each member gets what its graph has, no more."""
    shapes = graph(client, "/changes")
    page = graph(client, f"/changes/{story.ids[0]}")

    def gather(node: URIRef, shape: URIRef, found: set[URIRef]) -> set[URIRef]:
        found.add(node)
        for prop in shapes.objects(shape, SH.property):
            inner = shapes.value(prop, SH.node)
            for value in page.objects(node, shapes.value(prop, SH.path)) if inner else ():
                gather(value, inner, found)  # type: ignore[arg-type]
        return found

    for kind, key in (("project", "S00001"), ("portfolio", "measure"), ("organisation", "eu")):
        member = URIRef(f"{BASE}/changes/{story.ids[0]}#{kind}/{key}")
        reached = gather(member, URIRef(f"{STREAM}#shape"), set()) - {member}
        about = {str(subject) for subject in reached if (subject, None, None) in page}
        said = {t.subject.value for t in story.statements(kind, key, 0) if t.predicate.value != pf.project}
        assert about == said


def test_a_withdrawal_holds_the_reason_and_no_data(client: FlaskClient, story: Story) -> None:
    page = graph(client, f"/changes/{story.ids[2]}")
    member = URIRef(f"{BASE}/changes/{story.ids[2]}#project/S00002")
    assert set(page.objects(member, AS.summary)) == {Literal("Peruttu & <poistettu>", lang="fi")}
    assert len(list(page.predicate_objects(member))) == 4
    assert not list(page.predicate_objects(URIRef(f"{BASE}/id/project/S00002")))


def test_a_withdrawal_names_the_successor(chain: Chain) -> None:
    reader = create_app(chain.settings, chain.releases, None).test_client()
    page = graph(reader, f"/changes/{chain.second.id}")
    member = URIRef(f"{BASE}/changes/{chain.second.id}#project/{chains.GOES}")
    assert list(page.objects(member, RDF.type)) == [AS.Delete]
    assert set(page.objects(member, AS.summary)) == {
        Literal("Tuki perittiin takaisin", lang="fi"), Literal("The grant was recovered", lang="en"),
    }  # fmt: skip
    assert list(page.objects(member, IS_REPLACED_BY)) == [URIRef(f"{BASE}/id/project/{chains.COMES}")]
    people = reader.get(f"/changes/{chain.second.id}?lang=en", headers={"Accept": "text/html"}).text
    assert "The grant was recovered" in people
    assert f'href="/doc/project/{chains.COMES}?lang=en"' in people


def test_long_events_go_on_behind_a_thing(client: FlaskClient, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [members(client, name) for name in story.ids]
    for most in (1, 2, 3):
        monkeypatch.setattr(pages, "MEMBERS", most)
        assert [list(members(client, name).items()) for name in story.ids] == [list(page.items()) for page in whole]
    monkeypatch.setattr(pages, "MEMBERS", 100)
    monkeypatch.setattr(pages, "MOST_BYTES", 10)
    assert [members(client, name) for name in story.ids] == whole
    assert len(list(graph(client, f"/changes/{story.ids[0]}").objects(STREAM, TREE.member))) == 1
    page = client.get(f"/changes/{story.ids[0]}/project/S00001.ttl")
    assert "immutable" in page.headers["Cache-Control"]
    assert f"<http://localhost/changes/{story.ids[0]}/project/S00001> a tree:Node" in page.text


def test_what_an_old_release_said_is_told_while_anybody_knows(
    client: FlaskClient, story: Story, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = quads(client, f"/changes/{story.ids[0]}")
    shutil.rmtree(copied / story.ids[0])
    shutil.rmtree(copied / story.ids[1])
    reader = create_app(story.settings, copied, None).test_client()
    left = quads(reader, f"/changes/{story.ids[0]}")
    gone = {f"{BASE}/changes/{story.ids[0]}#project/{key}" for key in ("S00001", "S00002")}
    assert left == {
        quad for quad in whole
        if not {getattr(term, "value", "") for term in (quad.subject, quad.object, quad.graph_name)} & gone
    }  # fmt: skip
    everything = members(reader, story.ids[0])
    assert everything.keys() == members(client, story.ids[0]).keys() - {"project/S00001", "project/S00002"}
    assert members(reader, story.ids[1]) == {"project/S00003": "Create"}
    assert members(reader, story.ids[2]) == {"project/S00001": "Update", "project/S00002": "Delete"}
    monkeypatch.setattr(pages, "LOOKED_AT", 1)
    assert members(reader, story.ids[0]) == everything
    assert reader.get(f"/changes/{story.ids[0]}.nq").text.count("tree#member>") <= 1, "no page looks at more"
    monkeypatch.setattr(pages, "MEMBERS", 1)
    assert members(reader, story.ids[0]) == everything


def test_a_first_page_that_is_just_full_leads_to_the_events_themselves(
    client: FlaskClient, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "ARCHIVED", len(story.ids))
    assert "/changes/archive/" not in client.get("/changes.nq").text


def test_a_rollback_is_an_event_of_its_own(story: Story, copied: Path) -> None:
    release.make_current(copied, story.ids[1])
    reader = create_app(story.settings, copied, None).test_client()
    nodes = re.findall(r"tree#node> <http://localhost/changes/([^>]*)>", reader.get("/changes.nt").text)
    name = next(name for name in nodes if name not in story.ids)
    assert members(reader, name) == {"project/S00001": "Update", "project/S00002": "Create"}
    member = ox.NamedNode(f"{BASE}/changes/{name}#project/S00002")
    told = {quad.triple for quad in quads(reader, f"/changes/{name}") if quad.graph_name == member}
    assert told == story.statements("project", "S00002", 1)
    deleted = reader.get(f"/changes/{story.ids[2]}.nq")
    assert deleted.data == story.pages[f"/changes/{story.ids[2]}.nq"][1], "though the thing is back"
    assert "palautettiin" in reader.get("/changes?lang=fi", headers={"Accept": "text/html"}).text
    assert "/diff" not in reader.get(f"/changes/{name}", headers={"Accept": "text/html"}).text


def test_a_statement_in_a_graph_is_told_in_the_members() -> None:
    lines = ['<http://x/s> <http://x/p> "a > ." .', "<http://x/s> <http://x/p> <http://x/o> .",
             '<http://x/s> <http://x/p> "o" <http://x/g> .', "<http://x/s> <http://x/p> <http://x/o> <http://x/g> .",
             '<http://x/s> <http://x/p> "1"^^<http://x/t> .']  # fmt: skip
    member = ldes.Member(kind="project", key="S1", what="added", lines=lines)
    stream = ldes.Stream(BASE, str(ROOT))
    told = ldes.event(stream, "e", "2026-01-01T00:00:00Z", [member], f"{ROOT}/e", None)
    found = set(ox.parse("\n".join(told), format=ox.RdfFormat.N_QUADS))
    graph_name = ox.NamedNode(f"{BASE}/changes/e#project/S1")
    objects = {str(quad.object) for quad in found if quad.graph_name == graph_name}
    assert objects == {'"a > ."', "<http://x/o>", '"o"', '"1"^^<http://x/t>'}


# -- hostile


@pytest.mark.parametrize(
    "path",
    ["/changes/x", "/changes/20260101T000000Z-00000000", "/changes/20260101T000000Z-00000000.ttl", "/changes/.ttl",
     "/changes/%00", "/changes/..%2f..%2fetc", "/changes.exe", "/changes.", "/changes.ttl.ttl", "/changes/{0}.exe",
     "/changes/{0}.atom", "/changes/{0}/project", "/changes/{0}/project/", "/changes/{0}/projekt/S00001",
     "/changes/{0}/project/S%200", "/changes/{0}/project/a.b.ttl", "/changes/{0}/outcome/S00001~x",
     "/changes/{0}/project/%22%3E%3Cscript%3E", "/changes/{0}/project/S00001/x", "/changes/archive/1",
     "/changes?before=x", "/changes?before=%00"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: FlaskClient, story: Story, path: str) -> None:
    path = path.format(*story.ids)
    accept = "text/html" if "before" in path else "*/*"
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 404, answer.text
    if accept == "*/*":
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(answer.data)["status"] == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_nonsense_is_refused(client: FlaskClient, story: Story) -> None:
    assert client.get("/changes", headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"/changes/{story.ids[0]}", headers={"Accept": "application/atom+xml"}).status_code == 406
    assert client.post("/changes").status_code == 405
    behind = client.get(f"/changes/{story.ids[0]}/project/{'z' * 5000}.nq")
    assert behind.status_code == 200, "behind any key, known or not"
    assert "source/form" in behind.text
    end = client.get(f"/changes/{story.ids[0]}/target-group/{'z' * 50}.nq")
    assert end.status_code == 200
    assert "tree#member" not in end.text


@pytest.mark.parametrize("host", ["xn--a", "xn--\u0080", "a b", "x" * 5000, "[::", "a<b"])
@pytest.mark.parametrize("path", ["/changes.nq", "/changes.atom", "/sitemap.xml", "/dumps/"])
def test_a_host_that_is_no_name_is_refused(client: FlaskClient, host: str, path: str) -> None:
    environment = create_environ(path)
    environment["HTTP_HOST"] = host
    assert run_wsgi_app(client.application, environment)[1].startswith("400 ")


# -- people


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_people_read_what_changed(client: FlaskClient, story: Story, language: str) -> None:
    page = client.get("/changes", headers={"Accept": "text/html", "Accept-Language": language}).text
    assert f'<html lang="{language}">' in page
    assert page.index(story.ids[2]) < page.index(story.ids[1]) < page.index(story.ids[0]), "newest first"
    assert f'href="/releases/{story.ids[2]}/diff"' in page
    assert f'href="/releases/{story.ids[0]}/diff"' not in page, "nothing to compare with"
    assert 'href="/doc/project/S00003"' in page
    assert 'href="/id/project/S00002"' in page, "which tells that it is gone"
    assert "Toinen &lt;b&gt;&amp;amp;&lt;/b&gt; ]]&gt; &#34;lainaus&#34; (S00002)" in page
    assert 'href="/changes.atom"' in page
    event = client.get(f"/changes/{story.ids[2]}", headers={"Accept": "text/html", "Accept-Language": language})
    assert "Peruttu &amp; &lt;poistettu&gt;" in event.text
    assert 'href="/doc/project/S00001"' in event.text
    assert event.headers["Vary"].count("Accept-Language") == 1


def test_programs_are_led_to_an_address_that_answers(client: FlaskClient) -> None:
    one, other = (client.get("/changes.html", base_url=f"http://{host}.example/") for host in ("one", "other"))
    assert "http://one.example/changes." in one.text
    assert "http://other.example/changes." in other.text
    assert one.headers["ETag"] != other.headers["ETag"]


def test_people_turn_pages(client: FlaskClient, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_pages, "SHOWN_EVENTS", 1)
    monkeypatch.setattr(pages, "MEMBERS", 2)
    seen, path = [], "/changes?lang=sv"
    while path:
        page = client.get(path, headers={"Accept": "text/html"}).text
        seen += re.findall(r'<article class="card" id="([^"]*)"', page)
        following = re.search(r'href="([^"]*)" rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else ""
        assert not path or "lang=sv" in path
    assert seen == story.ids[::-1]
    rows, path = 0, f"/changes/{story.ids[0]}"
    while path:
        page = client.get(path, headers={"Accept": "text/html"}).text
        rows += page.count("<tr>") - 1
        following = re.search(r'href="([^"]*)" rel="next"', page)
        path = following[1] if following else ""
    assert rows == len(members(client, story.ids[0]))


def test_the_stream_leads_to_its_first_page(client: FlaskClient) -> None:
    answer = client.get("/id/dataset/changes")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/changes")


# -- Atom


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_feed_is_atom(client: FlaskClient, story: Story, language: str) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have."""
    answer = client.get(f"/changes.atom?lang={language}")
    assert answer.headers["Content-Type"] == "application/atom+xml"
    assert client.get(f"/changes?lang={language}", headers={"Accept": "application/atom+xml"}).data == answer.data
    feed = ElementTree.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
            assert element.findtext(f"{ATOM}{name}")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://localhost/changes.atom?lang={language}"
    assert links["alternate"] == f"http://localhost/changes?lang={language}"
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [f"{BASE}/changes/{n}" for n in story.ids[::-1]]
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    third, second, first = (entry.findtext(f"{ATOM}content") or "" for entry in entries)
    assert '<a href="http://localhost/doc/project/S00003' in second
    assert "S00001" not in second
    assert '<a href="http://localhost/doc/project/S00001' in third
    assert '<a href="http://localhost/id/project/S00002' in third
    assert "Toinen &lt;b&gt;&amp;amp;&lt;/b&gt; ]]&gt; &#34;lainaus&#34; (S00002)" in third
    assert "S00001" not in first
    assert entries[0].find(f"{ATOM}content").get("type") == "html"  # type: ignore[union-attr]


def test_every_page_leads_to_the_feed(client: FlaskClient) -> None:
    home = client.get("/", headers={"Accept": "text/html"}).text
    assert re.search(r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="/changes.atom">', home)


def test_no_character_breaks_the_feed() -> None:
    for text in ("\x00\x08\x0b", "\ud800", "\ufffe\uffff", "<&>\"']]>", "ok \U0001f600\t\n"):
        written = ElementTree.tostring(_element(oai_xml.printable(text)), encoding="utf-8")
        assert ElementTree.fromstring(written).text == oai_xml.printable(text)
    assert oai_xml.printable("a\x00b") == "a\N{REPLACEMENT CHARACTER}b"
    assert oai_xml.printable("äå😀\t") == "äå😀\t"


def _element(text: str) -> ElementTree.Element:
    element = ElementTree.Element("x")
    element.text = text
    return element


def test_a_title_that_is_markup_stays_text(story: Story, copied: Path) -> None:
    path = copied / story.ids[2] / manifest.NAME
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["title"] = {"fi": "<script>\u0000]]></title>&"}
    path.write_text(json.dumps(facts), encoding="utf-8")
    answer = create_app(story.settings, copied, None).test_client().get("/changes.atom?lang=fi")
    title = ElementTree.fromstring(answer.data).findtext(f"{ATOM}title") or ""
    assert title.startswith("<script>\N{REPLACEMENT CHARACTER}]]></title>& – ")


def test_a_release_without_entities_has_an_empty_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some.ttl").write_text("<http://example.org/a> <http://purl.org/dc/terms/title> 'a' .")
    settings = portfolios.settings(portfolios.write(tmp_path / "p"))
    made, _, _ = release.build([str(tmp_path / "some.ttl")], settings, tmp_path / "releases")
    reader = create_app(settings, tmp_path / "releases", None).test_client()
    assert members(reader, made.id) == {}
    assert reader.get("/changes.atom").status_code == 200
    assert reader.get(f"/changes/{made.id}", headers={"Accept": "text/html"}).status_code == 200


def test_addresses_are_the_publics(story: Story) -> None:
    settings = portfolios.settings(story.folder / "source", public_url="https://portal.example/p/")
    reader = create_app(settings, story.releases, None).test_client()
    page = graph(reader, "/changes")
    assert list(page.objects(STREAM, TREE.view)) == [URIRef("https://portal.example/p/changes")]
    assert "https://portal.example/p/doc/project/S00003" in reader.get("/changes.atom").text
