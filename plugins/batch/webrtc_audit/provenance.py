# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the files of an evidence package come from, as linked data in the words of CASE 1 and UCO 1, which tools
that keep cases read. It says nothing that the manifest does not say.

    Investigation --object--> InvestigativeAction (a job), and all else
    InvestigativeAction --object--> File (inputs); --instrument--> Tool; --performer--> Identity; --result--> File
    ProvenanceRecord (an exhibit's number) --object--> File;  Relationship: exhibit Derived_From capture
"""

import pathlib
import shlex
import uuid

CONTEXT = {
    "kb": "urn:wireshark-webrtc:evidence:",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "uco-vocabulary": "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def to(nodes):
    """References to nodes."""
    return [{"@id": node["@id"]} for node in nodes]


class Graph:
    def __init__(self, seed):
        self.seed, self.nodes = uuid.uuid5(uuid.NAMESPACE_URL, seed), []

    def name(self, kind, what):
        """The same package has the same names."""
        return f"kb:{kind}-{uuid.uuid5(self.seed, f'{kind} {what}')}"

    def add(self, kind, what, types, **more):
        node = {"@id": self.name(kind, what), "@type": types, **more}
        self.nodes.append(node)
        return node

    def content(self, what, entry):
        """The facet that has the digest of what an entry of the manifest tells of."""
        return {"@id": self.name("content", what), "@type": "uco-observable:ContentDataFacet",
                "uco-observable:sizeInBytes": entry["bytes"],
                "uco-observable:hash": [{
                    "@id": self.name("hash", what), "@type": "uco-types:Hash",
                    "uco-types:hashMethod": {"@type": "uco-vocabulary:HashNameVocab", "@value": "SHA256"},
                    "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": entry["sha256"]}}]}

    def file(self, what, entry):
        facet = {"@id": self.name("file-facet", what), "@type": "uco-observable:FileFacet",
                 "uco-observable:fileName": pathlib.PurePosixPath(entry["name"]).name,
                 "uco-observable:filePath": entry["name"], "uco-observable:sizeInBytes": entry["bytes"]}
        return self.add("file", what, "uco-observable:File",
                        **{"uco-core:hasFacet": [facet, self.content(what, entry)]})

    def relation(self, source, target, kind):
        self.add("relationship", f"{source['@id']} {target['@id']}", "uco-core:Relationship", **{
            "uco-core:source": {"@id": source["@id"]}, "uco-core:target": {"@id": target["@id"]},
            "uco-core:kindOfRelationship": kind, "uco-core:isDirectional": True})


def add_inputs(graph, manifest):
    """Id of the manifest -> node."""
    found = {}
    for entry in manifest["inputs"]:
        what = f"input {entry['id']}"
        if entry["kind"] == "embedded-secrets":
            node = graph.add("secrets", what, "uco-observable:ContentData",
                             **{"uco-core:name": "secrets inside a capture",
                                "uco-core:hasFacet": [graph.content(what, entry)]})
            graph.relation(node, found[entry["in"]], "Contained_Within")
        else:
            node = graph.file(what, entry)
            node["uco-core:description"] = entry["kind"]
        found[entry["id"]] = node
    return found


def add_tools(graph, manifest):
    versions = manifest["versions"]
    for name, version in (("tshark", versions["wireshark"]), ("WebRTC plugins for Wireshark", versions["plugins"]),
                          ("webrtc-audit", versions["plugins"])):
        yield graph.add("tool", name, "uco-tool:Tool", **{"uco-core:name": name, "uco-tool:version": version})


def add_job(graph, manifest, job, inputs, files, common):
    """The action that a job was, with what came of it."""
    number = f"{job['number']:04}"
    results = {name: node for name, node in files.items() if pathlib.PurePosixPath(name).name.startswith(number)}
    used = [inputs[each] for kind in ("captures", "key_logs", "statements") for each in job[kind]]
    for name, node in results.items():
        if name.startswith("exhibits/"):
            graph.add("provenance", name, "case-investigation:ProvenanceRecord", **{
                "case-investigation:exhibitNumber": pathlib.PurePosixPath(name).stem, "uco-core:object": to([node])})
            for each in job["captures"]:
                graph.relation(node, inputs[each], "Derived_From")
    graph.add("action", number, "case-investigation:InvestigativeAction", **{
        "uco-core:name": f"Analysis of {job['name']}", "uco-core:description": shlex.join(job["command"]),
        "uco-action:object": to(used), "uco-action:result": to(results.values()), **common})


def graph_of(manifest, files):
    """What provenance.jsonld holds. files: entries of the package's files so far, as the manifest lists them."""
    graph = Graph(f"{manifest['made']} {manifest['inputs']}")
    inputs = add_inputs(graph, manifest)
    made = {entry["name"]: graph.file(f"file {entry['name']}", entry) for entry in files}
    common = {"uco-action:startTime": {"@type": "xsd:dateTime", "@value": manifest["made"]},
              "uco-action:instrument": to(add_tools(graph, manifest))}
    if manifest["examiner"]:
        examiner = graph.add("identity", "examiner", "uco-identity:Identity",
                             **{"uco-core:name": manifest["examiner"]})
        common["uco-action:performer"] = {"@id": examiner["@id"]}
    for job in manifest["jobs"]:
        add_job(graph, manifest, job, inputs, made, common)
    graph.add("investigation", "case", "case-investigation:Investigation", **{
        "uco-core:name": manifest["case"] or "WebRTC audit", "uco-core:object": to(graph.nodes)})
    return {"@context": CONTEXT, "@graph": graph.nodes}
