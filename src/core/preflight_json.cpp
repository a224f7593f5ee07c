// Regime: C++ (may throw, never calls Postgres)
//
// What Postgres' JSON types refuse of a document, and objects in which a name occurs twice: JSON as such allows them, jsonb would keep one
// member only.
#include "core/preflight_operand.hpp"

#include "core/digest_mysql.hpp"

namespace alkconv::core::preflight {

namespace {

namespace my = digest::mysql;

constexpr const char *kNames = "whether a name occurs twice in an object of these documents, which are too long, too "
							   "deep or spelled in too many ways "
							   "to be told by the source's SQL";

struct Replacement {
	const char *from, *to; // SQL
};

template <size_t N>
std::string Replace(std::string text, const Replacement (&replacements)[N]) {
	for (const Replacement &replacement : replacements)
		text = "REPLACE(" + text + "," + replacement.from + "," + replacement.to + ")";
	return text;
}

// A backslash that escapes another one is none.
std::string WithoutEscapedBackslashes(const std::string &text) { return "REPLACE(" + text + ",'\\\\\\\\','xx')"; }

// What stands within strings no longer looks like the end of one. No string holds the bytes 1 and 2 themselves. MariaDB is quick at REPLACE as long
// as lengths stay the same; otherwise it moves the rest of the text each time.
std::string WithoutEscapedQuotes(const std::string &text) {
	static constexpr Replacement kEscapes[] = {{"'\\\\\\\\'", "X'0101'"}, {"'\\\\\"'", "X'0202'"}};
	return Replace("CAST(" + text + " AS BINARY)", kEscapes);
}

// Which JSON both the source and Postgres accept, decided by the source after it is relieved of what only one of the two minds: MySQL refuses
// lone surrogates, which json keeps, and exponents beyond a double, MariaDB takes unknown escapes and numbers that end with a point.
std::string IsJson(const std::string &text, bool mariadb) {
	const std::string plain = WithoutEscapedBackslashes(text);
	const std::string tamed = "REGEXP_REPLACE(REGEXP_REPLACE(" + plain + "," + RegexLiteral("\\\\u[0-9a-fA-F]{4}") +
							  ",'A')," + RegexLiteral("[eE][+-]?[0-9]{3,}") + ",'e1')";
	std::string valid = "IF(JSON_VALID(" + text + "),TRUE,IFNULL(JSON_VALID(" + tamed + "),FALSE))";
	if (mariadb)
		valid = "(" + valid + " AND NOT(" + plain + " REGEXP " + RegexLiteral("\\\\[^\"/bfnrtu]") +
				") AND NOT(REPLACE(" + plain + ",'\\\\\"','xx') REGEXP " +
				RegexLiteral("\"[^\"]*+\"(*SKIP)(*F)|[0-9][.](?![0-9])") + "))";
	return valid;
}

// MariaDB reads no deeper than 32 objects or arrays within one another: from each that is still open, over those that are closed, to the next one.
std::string IsDeep(const std::string &text) {
	static const std::string within = "(?:[^][{}\"]++|\"[^\"]*+\"|(?1))*+";
	static const std::string open = "[[{](?:[^][{}\"]++|\"[^\"]*+\"|(\\{" + within + "\\}|\\[" + within + "\\]))*";
	return WithoutEscapedQuotes(text) + " REGEXP " + RegexLiteral("\\A[^][{}\"]*+(?:" + open + "){32}");
}

// Names, and strings that begin with a colon: as many in MySQL's own writing of the document, less those of the members that it drops. Regular
// expressions would be plainer, but MySQL gives up on long documents.
std::string NamesIn(const std::string &text) {
	static constexpr Replacement kSpellings[] = {{"'\\\\u0020'", "' '"}, {"'\\\\u003a'", "':'"}, {"'\\\\u003A'", "':'"},
												 {"' '", "''"},			 {"'\\t'", "''"},		 {"'\\n'", "''"},
												 {"'\\r'", "''"}};
	const std::string plain = Replace(WithoutEscapedQuotes(text), kSpellings);
	return "(LENGTH(" + plain + ")-LENGTH(REPLACE(" + plain + ",'\":','\"')))";
}

void InMySql(const Operand &o, const std::string &text) {
	const std::string valid = "IF(JSON_VALID(" + text + ")," + text + ",NULL)";
	o.Add("duplicate_member", Code::duplicate_member,
		  NamesIn(valid) + ">" + NamesIn(my::AsChar("CAST(" + valid + " AS JSON)")));
	if (!o.is_json()) // numbers beyond a double
		o.Doubt(kNames, "NOT JSON_VALID(" + text + ") AND " + IsJson(text, false) + " AND " + NamesIn(text) + ">1");
}

// MariaDB keeps every member. From a name on, what follows in its object is passed over piece by piece until the name comes again; each piece
// is passed once for each name before it, so that only so many can be.
void InMariaDb(const Operand &o, const std::string &text) {
	static const std::string string = "\"[^\"]*+\"", other = "[^][{}\"]++";
	static const std::string within = "(?:" + other + "|" + string + "|(?2))*+";
	static const std::string nested = "(\\{" + within + "\\}|\\[" + within + "\\])";
	static const std::string again = ",\\s*+\"\\1\"\\s*+:";
	static const std::string twice = "\"([^\"]*+)\"(?:\\s*+:(?:(?!" + again + ")(?:[^][{}\",]++|,|" + string + "|" +
									 nested + "))*+" + again + "|(*SKIP)(*F))";
	static const std::string escaped =
		"\"(?:[^\"\\\\]*+\\\\[^\"]*+\"\\s*+:|[^\"]*+\"(*SKIP)(*F))"; // the same name may be spelled otherwise
	const std::string plain = WithoutEscapedQuotes(text);
	const auto count = [&](const char *but) { return "LENGTH(REGEXP_REPLACE(" + plain + ",'" + but + "',''))"; };
	const std::string names = count("[^:]++"), parts = count("[^\"{[]++");
	const std::string few = "(" + parts + "<=1000000 AND " + names + "*" + parts +
							"<=50000000)"; // one search within PCRE's limit, all within seconds
	const std::string valid = IsJson(text, true);
	o.Add("duplicate_member", Code::duplicate_member,
		  "IF(" + few + "," + plain + " REGEXP " + RegexLiteral(twice) + ",FALSE) AND " + valid);
	o.Doubt(kNames, "IF(" + few + "," + plain + " REGEXP " + RegexLiteral(escaped) + ",TRUE) AND " + valid);
}

void DuplicateMembers(const Operand &o, const std::string &text) {
	if (o.mariadb)
		return InMariaDb(o, text);
	if (!o.is_json() || HasTransform(o.column.policy, TransformName::json_nul)) // JSON by itself has none
		InMySql(o, text);
}

} // namespace

void JsonSyntax(const Operand &o, const std::string &text, const std::string &asked) {
	const std::string invalid = asked + " AND NOT " + IsJson(text, o.mariadb);
	if (!o.mariadb)
		return o.Add("invalid_json", Code::invalid_text, invalid);
	o.Add("invalid_json", Code::invalid_text, invalid + " AND NOT " + IsDeep(text));
	o.Doubt("whether these documents are JSON, which are nested deeper than the source reads",
			invalid + " AND " + IsDeep(text));
}

void JsonEscapes(const Operand &o, const std::string &text, bool surrogates) {
	if (o.kind() != PgKind::jsonb)
		return;
	const std::string bytes = "CAST(" + text + " AS BINARY)", plain = WithoutEscapedBackslashes(bytes);
	const auto locate = [](const std::string &in) { return "LOCATE('\\\\u0000'," + in + ")"; };
	const std::string no_nul = "(" + locate(bytes) + "=0 OR " + locate(plain) + "=0)"; // the first mostly says it
	o.Add("nul_in_json", Code::nul_in_json, locate(bytes) + ">0 AND " + locate(plain) + ">0");
	if (surrogates) {
		static const char *const kLone = "\\\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\\\u[dD][c-fC-F])|"
										 "(?<!\\\\u[dD][89abAB][0-9a-fA-F]{2})\\\\u[dD][c-fC-F][0-9a-fA-F]{2}";
		const std::string any = "LOCATE('\\\\ud'," + plain + ")>0 OR LOCATE('\\\\uD'," + plain + ")>0";
		o.Add("surrogate_in_json", Code::invalid_text,
			  no_nul + " AND IF(" + any + "," + WithoutEscapedBackslashes(text) + " REGEXP " + RegexLiteral(kLone) +
				  ",FALSE)");
	}
	DuplicateMembers(o, "IF(" + no_nul + "," + text + ",NULL)");
}

} // namespace alkconv::core::preflight
