# Reads the shape of the passwords on standard input, then the file, and prints the Secret `want` as
# JSON; with no `want`, only looks whether every password is where it was.
function fail(en, fr) {
  print (language == "fr" ? "ligne " at " : " fr : "line " at ": " en) > "/dev/stderr"
  exit 1
}
function other() {
  fail("the line has another shape than when the file was imported: import it again",
    "la ligne n\047est plus faite comme à l\047import du fichier : recommencez l\047import")
}
function json(c) {
  if (c == "\"" || c == "\\") return "\\" c
  if (c in code) return sprintf("\\u%04x", code[c])
  return c
}
function quoted(text,    out, i) {
  out = ""
  for (i = 1; i <= length(text); i++) out = out json(substr(text, i, 1))
  return out
}
function hex(from, count,    i, c) {
  for (i = from; i < from + count; i++) {
    c = substr(left, i, 1)
    if (c == "" || index("0123456789abcdefABCDEF", c) == 0) other()
  }
  c = tolower(substr(left, from, count))
  if (c == "00" || c == "0000" || (count == 4 && c >= "d800" && c <= "dfff")) other()
  return (count == 2 ? "00" : "") c
}
function double(    out, i, c) {
  if (substr(left, 1, 1) != "\"") other()
  out = ""
  for (i = 2; i <= length(left); i++) {
    c = substr(left, i, 1)
    if (c == "\"") {
      left = substr(left, i + 1)
      return out
    }
    if (c != "\\") {
      out = out json(c)
      continue
    }
    c = substr(left, ++i, 1)
    if (c == "x") { out = out "\\u" hex(i + 1, 2); i += 2 }
    else if (c == "u") { out = out "\\u" hex(i + 1, 4); i += 4 }
    else if (c != "" && c in escape) out = out escape[c]
    else other()
  }
  other()
}
function single(    out, i, c) {
  if (substr(left, 1, 1) != "\047") other()
  out = ""
  for (i = 2; i <= length(left); i++) {
    c = substr(left, i, 1)
    if (c != "\047") out = out json(c)
    else if (substr(left, i + 1, 1) == "\047") { out = out c; i++ }
    else {
      left = substr(left, i + 1)
      return out
    }
  }
  other()
}
function blank(c) { return c == " " || c == "\t" || c == "\r" }
function plain(flow,    i, c, end, text) {
  c = substr(left, 1, 1)
  if (c == "" || index("\"\047|>&*!%@`[]{}#,", c)) other()
  end = 0
  for (i = 1; i <= length(left); i++) {
    c = substr(left, i, 1)
    if (c == "#" && i > 1 && blank(substr(left, i - 1, 1))) break
    if (flow && index(",[]{}", c)) break
    if (c == ":" && (i == length(left) || blank(substr(left, i + 1, 1)))) other()
    if (!blank(c)) end = i
  }
  text = substr(left, 1, end)
  left = substr(left, end + 1)
  return quoted(text)
}
function value(style) {
  if (style == "double") return double()
  if (style == "single") return single()
  return plain(style == "flow")
}
function block(rest,    part, i, line, out, kept) {
  split(rest, part, " ")
  out = ""
  for (at = part[1] + 0; at <= part[2] + 0; at++) {
    line = text[at]
    sub(/\r$/, "", line)
    if (line !~ /^ *$/ && substr(line, 1, part[3]) !~ /^ *$/) other()
    line = substr(line, part[3] + 1)
    out = out quoted(line) "\\u000a"
    if (line != "") kept = length(out)
  }
  if (part[4] == "keep") return out
  return substr(out, 1, kept - (part[4] == "strip" ? 6 : 0))
}
function take(found) {
  if (name == want) manifest = manifest (manifest == "" ? "" : ",") "\"" key "\":\"" found "\""
}
BEGIN {
  for (i = 1; i < 32; i++) code[sprintf("%c", i)] = i
  code[sprintf("%c", 127)] = 127
  escape["a"] = "\\u0007"; escape["b"] = "\\u0008"; escape["t"] = "\\u0009"
  escape["\t"] = "\\u0009"; escape["n"] = "\\u000a"; escape["v"] = "\\u000b"
  escape["f"] = "\\u000c"; escape["r"] = "\\u000d"; escape["e"] = "\\u001b"
  escape[" "] = " "; escape["\""] = "\\\""; escape["/"] = "/"; escape["\\"] = "\\\\"
  escape["N"] = "\\u0085"; escape["_"] = "\\u00a0"; escape["L"] = "\\u2028"
  escape["P"] = "\\u2029"
}
FNR == NR { shape[++shapes] = $0; next }
{ text[++lines] = $0 }
END {
  for (s = 1; s <= shapes; s++) {
    op = substr(shape[s], 1, 1)
    rest = substr(shape[s], 3)
    if (op == "S") name = rest
    else if (op == "K") key = rest
    else if (op == "L") {
      at = rest + 0
      if (at > lines) other()
      left = text[at]
    } else if (op == "T") {
      if (substr(left, 1, length(rest)) != rest) other()
      left = substr(left, length(rest) + 1)
    } else if (op == "V") take(value(rest))
    else if (op == "X") value(rest)
    else if (op == "C") { if (left !~ /^[ \t]*#/) other() }
    else if (op == "E") { if (left != "") other() }
    else if (op == "B") take(block(rest))
  }
  if (want == "") exit 0
  printf "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"type\":\"Opaque\","
  printf "\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\",", want, space
  printf "\"labels\":{\"app.kubernetes.io/managed-by\":\"socle-import\"}},"
  print "\"stringData\":{" manifest "}}"
}
