// Regime: C++ (may throw, never calls Postgres)
//
// Asks ChooseConversion for every pair of a source type and a target type, and groups the answers.
#include "types_document.hpp"

#include "cells.hpp"

#include "core/conversion.hpp"
#include "core/conversion_table.hpp"
#include "core/default_type.hpp"
#include "core/facts.hpp"
#include "core/fault.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <vector>

namespace alkconv::test {

using namespace core;

namespace {

struct Source {
	const char *heading;
	const char *type; // represents them
};

const Source kSources[] = {
	{"Integers: `tinyint`, `smallint`, `mediumint`, `int`, `bigint`, signed and unsigned", "int"},
	{"`year`", "year"},
	{"`bit(1)`", "bit(1)"},
	{"`bit(n)`, here `bit(8)`", "bit(8)"},
	{"`decimal`", "decimal(10,2)"},
	{"`float`", "float"},
	{"`double`", "double"},
	{"`date`", "date"},
	{"`datetime`", "datetime(6)"},
	{"`timestamp`", "timestamp(6)"},
	{"`time`", "time(6)"},
	{"`char`, `varchar`, `tinytext`, `text`, `mediumtext`, `longtext`", "longtext"},
	{"`binary`, `varbinary`, `tinyblob`, `blob`, `mediumblob`, `longblob`", "longblob"},
	{"`enum`", "enum('a','b')"},
	{"`set`", "set('a','b')"},
	{"`json` (MariaDB: `longtext` with `CHECK (json_valid(...))`)", "json"},
	{"`geometry` and every other spatial type", "geometry"},
	{"`vector`", "vector(3)"},
	{"`uuid` (MariaDB)", "uuid"},
	{"`inet4`, `inet6` (MariaDB)", "inet6"},
};

constexpr const char *kTargets[] = {"boolean",
									"smallint",
									"integer",
									"bigint",
									"real",
									"double precision",
									"numeric(10,2)",
									"text",
									"character varying(80)",
									"character(80)",
									"name",
									"bytea",
									"uuid",
									"json",
									"jsonb",
									"date",
									"time without time zone",
									"timestamp without time zone",
									"timestamp with time zone",
									"interval",
									"bit(8)",
									"bit varying(8)",
									"enum(a|b)",
									"text[]",
									"inet",
									"public.geometry",
									"any other type"};

// What Conversion::name stands for.
const std::map<std::string, const char *> kMeaning = {
	{"0 or 1", "0 is false, 1 is true; any other number is refused, also for `tinyint(1)`, whose width is no range"},
	{"range check", "the number itself, refused when the target cannot hold it; display width plays no part"},
	{"exact float", "the number itself, refused when the target cannot hold exactly it; -0 stays -0"},
	{"digits fit", "the decimal digits; for `numeric(p,s)` refused when digits would be rounded away or there are too "
				   "many before the "
				   "point; FLOAT and DOUBLE by the shortest text that denotes them"},
	{"canonical text", "see below; for `varchar(n)` and `char(n)` refused when longer than n characters"},
	{"input function",
	 "the canonical text is given to the type's input function, which accepts or refuses it: "
	 "ranges, types of extensions; bytes that are no UTF-8 and U+0000 are refused before; an array over a "
	 "type "
	 "that rounds, such as `numeric(p,s)`, rounds as that type does, which the verification then reports"},
	{"EWKB",
	 "the shape itself, with its reference system, its first coordinate first; of a geographic reference system that "
	 "is the "
	 "longitude, on both sides; refused where the target demands another SRID, and without one for `geography`"},
	{"one bit", "bit 0 is false, bit 1 is true"},
	{"same bits",
	 "the bits in their order; the lengths must agree (`bit varying`: be large enough), which the plan checks"},
	{"integral", "the number itself, refused when it has a fraction or the target cannot hold it"},
	{"round trip", "the binary number that the decimal denotes, refused unless it is equal to the decimal or the "
				   "decimal is its shortest "
				   "text, so that the decimal comes back"},
	{"calendar check",
	 "the day; zero dates, partial dates (2020-00-10), days the month does not have and year 0 are refused"},
	{"midnight", "the day at 00:00:00, with the same checks as for `date`"},
	{"wall time", "the same wall time, through no time zone; the calendar is checked, and digits of the second beyond "
				  "the target's are "
				  "refused, never rounded"},
	{"midnight only", "the day, refused when there is a time of day to be lost"},
	{"instant", "the same instant, because the session's time zone is UTC; the calendar is checked, and digits of the "
				"second beyond the "
				"target's are refused"},
	{"wall time in a zone",
	 "what the clocks of a zone showed at that instant; the zone is that of a rule with transform "
	 "`wall_time`, of the server's option `time_zone`, or the source's own where that is UTC; "
	 "without any the plan refuses the pair"},
	{"wall time of a zone", "the instant at which the clocks of a zone, found in the same way, showed this; what they "
							"never showed, or showed twice, is refused, unless the rule says which clock is meant"},
	{"midnight of a zone", "the instant at which the day begins in the zone of a rule that spells the column; without "
						   "one the plan refuses the pair"},
	{"exact",
	 "the value itself, byte for byte or microsecond for microsecond; TIME has its sign and its hours beyond a day"},
	{"within a day", "the time of day, refused when negative or beyond 24:00:00"},
	{"checked JSON", "valid JSON as it is, byte for byte; what is not seen to be valid is given to the input function, "
					 "as in `input function`"},
	{"checked text",
	 "the text itself, checked to be UTF-8 without U+0000; characters are counted for `varchar(n)` and `char(n)` "
	 "(bytes "
	 "for `name`), nothing is cut, also not trailing blanks; `char(n)` is padded as Postgres pads it, and a value "
	 "that ends with blanks is refused there, because nothing tells them from the padding; MySQL's own CHAR has none"},
	{"UTF-8 bytes", "the bytes of the text in UTF-8"},
	{"uuid syntax", "every spelling that Postgres reads: either case, braces, with or without hyphens"},
	{"16 bytes or uuid syntax", "16 bytes are the uuid itself, in their order; longer values are read as its text"},
	{"binary JSON, no \\u0000",
	 "the value that the input function would make; what is not seen to be valid is given to that function, "
	 "as in `input function`; the escape `\\u0000` and names that occur twice in an object are found beforehand "
	 "(`json` keeps them)"},
	{"label", "the label, which must be one of the target type's where it is an enum; '' is what MySQL stores for a "
			  "label it did not "
			  "know, and is refused unless it is declared"},
	{"ISO 8601", "`YYYY-MM-DD`, `hh:mm:ss` with a fraction; nothing else, because Postgres' own input depends on "
				 "DateStyle, knows words "
				 "such as `today`, and drops what the type does not hold"},
	{"ISO 8601 without zone",
	 "`YYYY-MM-DD hh:mm:ss` with a fraction, `T` allowed; a zone is refused because it would be dropped"},
	{"ISO 8601 with zone", "the same with `Z` or `+hh:mm`; without a zone refused, because it would be the session's"},
	{"TIME syntax or input function",
	 "`-838:59:59.5` exactly; other spellings by the input function, unless they have a fraction, which "
	 "it would round"},
	{"members with commas", "the members as MySQL writes them, separated by commas"},
	{"array literal", "an array of the members; labels with quotes, backslashes and braces are quoted properly"},
};

std::string Quoted(const std::string &text) { return "`" + text + "`"; }

std::string ShownTarget(const std::string &target) {
	if (target == "any other type")
		return target;
	if (target == "enum(a|b)")
		return "an enum";
	if (target == "public.geometry")
		return "`geometry`, `geography` of PostGIS";
	return Quoted(target);
}

std::string Escaped(std::string text) {
	for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
		text.replace(at, 1, "\\|");
	return text;
}

// The conversion's name, or the hint of the refusal.
std::string Decide(const SourceType &source, const TargetType &target, bool &refused) {
	try {
		refused = false;
		static const ZonePointer zone = MakeZone("+02:00", 7200);
		ColumnPolicy policy;
		policy.zone = zone;
		return ChooseConversion(source, target, policy).name;
	} catch (const Error &error) {
		refused = true;
		return error.hint();
	}
}

void AddSource(const Source &source, std::set<std::string> &used, std::string &out) {
	const SourceType type = ParseSourceType(source.type, "", "");
	// In the order of the targets; targets that convert alike share a line.
	std::vector<std::pair<std::string, std::string>> lines; // conversion, targets
	std::map<std::string, int> hints;
	std::vector<std::pair<std::string, std::string>> refusals; // target, hint
	for (const char *target : kTargets) {
		bool refused;
		const std::string decision = Decide(type, Target(target), refused);
		if (refused) {
			refusals.emplace_back(target, decision);
			++hints[decision];
			continue;
		}
		if (kMeaning.find(decision) == kMeaning.end())
			throw std::logic_error("conversion \"" + decision + "\" is not explained in types_document.cpp");
		used.insert(decision);
		if (lines.empty() || lines.back().first != decision)
			lines.emplace_back(decision, "");
		lines.back().second += (lines.back().second.empty() ? "" : ", ") + ShownTarget(target);
	}
	out += std::string("### ") + source.heading + "\n\n| target | conversion |\n|---|---|\n";
	for (const auto &line : lines)
		out += "| " + Escaped(line.second) + " | " + Escaped(line.first) + " |\n";
	out += "\n";
	// A hint that few targets share is about them; the one that most share goes without saying.
	std::string notes;
	for (const auto &refusal : refusals)
		if (hints[refusal.second] < 3)
			notes += "- not " + ShownTarget(refusal.first) + ": " + refusal.second + "\n";
	if (!notes.empty())
		out += notes + "\n";
}

// The type that mode `create` gives a column whose values all fit; empty when it is the same.
std::string ByRows(const char *type) {
	SourceSchema schema;
	SourceColumn &column = schema.tables.emplace_back().columns.emplace_back();
	column.type = ParseSourceType(type, "", "");
	FactKind kind;
	if (!HasQuestion(schema.tables[0], 0, kind))
		return "";
	ShareFacts(schema, {{0, 0, kind, Evidence::all}});
	return Quoted(DefaultTarget(schema.tables[0].columns[0], "").text);
}

void AddDefaults(std::string &out) {
	constexpr const char *kTypes[] = {"tinyint(1)",
									  "tinyint",
									  "tinyint unsigned",
									  "smallint",
									  "smallint unsigned",
									  "mediumint",
									  "mediumint unsigned",
									  "int",
									  "int unsigned",
									  "bigint",
									  "bigint unsigned",
									  "decimal(10,2)",
									  "float",
									  "double",
									  "bit(1)",
									  "bit(8)",
									  "year",
									  "date",
									  "datetime",
									  "datetime(6)",
									  "timestamp",
									  "timestamp(6)",
									  "time",
									  "time(6)",
									  "char(36)",
									  "varchar(255)",
									  "tinytext",
									  "text",
									  "mediumtext",
									  "longtext",
									  "binary(16)",
									  "varbinary(255)",
									  "tinyblob",
									  "blob",
									  "mediumblob",
									  "longblob",
									  "enum('a','b')",
									  "set('a','b')",
									  "json",
									  "geometry",
									  "vector(3)",
									  "uuid",
									  "inet4",
									  "inet6"};
	out += "| MySQL or MariaDB | Postgres | and where the rows allow it |\n|---|---|---|\n";
	for (const char *type : kTypes)
		out += "| " + Quoted(type) + " | " + Quoted(DefaultTargetType(ParseSourceType(type, "", ""))) + " | " +
			   ByRows(type) + " |\n";
	out +=
		"\nAn enum becomes an enum type of its own, unless a label has more than 63 bytes; foreign tables have text. "
		"What the rows are asked: [mode create](create.md). Where the target has PostGIS, spatial types are its "
		"`geometry`, of their kind (`geometry(Point)`), and of "
		"their SRID where the source's column has that attribute.\n\n";
}

struct Refusal {
	Code code;
	const char *source, *target; // of the example
};

void AddFaults(std::string &out) {
	constexpr Refusal kRefusals[] = {
		{Code::out_of_range, "int unsigned", "integer"},
		{Code::not_boolean, "tinyint(1)", "boolean"},
		{Code::inexact_number, "decimal(10,3)", "numeric(10,2)"},
		{Code::zero_date, "date", "date"},
		{Code::partial_date, "date", "date"},
		{Code::date_out_of_range, "varchar(30)", "timestamp without time zone"},
		{Code::doubtful_wall_time, "datetime", "timestamp with time zone"},
		{Code::invalid_encoding, "longblob", "text"},
		{Code::nul_in_text, "longtext", "text"},
		{Code::nul_in_json, "json", "jsonb"},
		{Code::duplicate_member, "json", "jsonb"},
		{Code::text_too_long, "varchar(80)", "character varying(40)"},
		{Code::trailing_blanks, "varchar(80)", "character(80)"},
		{Code::bits_too_long, "bit(8)", "bit(8)"},
		{Code::invalid_uuid, "char(36)", "uuid"},
		{Code::empty_uuid, "char(36)", "uuid"},
		{Code::invalid_text, "varchar(80)", "inet"},
		{Code::invalid_text, "point", "public.geometry(Point,4326)"},
		{Code::code_point_beyond_byte, "longtext", "text"},
		{Code::unknown_label, "enum('a','b')", "enum(a)"},
		{Code::value_too_large, "longblob", "bytea"},
		{Code::null_for_not_null, "int", "integer"},
	};
	out += "| fault | message, for example | hint |\n|---|---|---|\n";
	for (const Refusal &refusal : kRefusals) {
		const SourceType source = ParseSourceType(refusal.source, "", "");
		const TargetType target = Target(refusal.target);
		out += "| " + Quoted(CodeName(refusal.code)) + " | " + Escaped(DescribeFault(refusal.code, source, target)) +
			   " | " + Escaped(HintForFault(refusal.code, source, target)) + " |\n";
	}
	out += "\n";
}

} // namespace

std::string TypesDocument() {
	std::string out =
		"# Types\n\n"
		"<!-- Generated by the CMake target types_doc from the functions that decide. Do not edit. -->\n\n"
		"What becomes of each MySQL and MariaDB type. A value arrives exactly or it is refused: nothing is rounded, "
		"cut, wrapped, shifted\n"
		"by a time zone or replaced without a rule in `alkconv.rule`.\n\n"
		"## Defaults of mode `create`\n\n"
		"Where the target table does not exist. Where it does, its types decide.\n\n";
	AddDefaults(out);
	out += "## Conversions\n\n"
		   "A target that a table does not list is refused when the plan is made (`cannot_convert`). `numeric(10,2)`, "
		   "`bit(8)` and the\n"
		   "like stand for any length. A domain is treated as the type below it, "
		   "and its constraints are checked.\n"
		   "Types that are not named are \"any other type\"; of these `\"char\"`, `money`\n"
		   "and `time with time zone` are refused because their input functions lose something without an error, and "
		   "so is an `interval`\n"
		   "with fields.\n\n";
	std::set<std::string> used;
	for (const Source &source : kSources)
		AddSource(source, used, out);
	out += "## What the conversions do\n\n| conversion | meaning |\n|---|---|\n";
	for (const auto &meaning : kMeaning) {
		if (used.find(meaning.first) == used.end())
			throw std::logic_error("conversion \"" + meaning.first +
								   "\" is explained in types_document.cpp but never chosen");
		out += "| " + Escaped(meaning.first) + " | " + Escaped(meaning.second) + " |\n";
	}
	out += "\n## Canonical text\n\n"
		   "What a text column, an input function and a message get.\n\n"
		   "- Integers and `decimal`: their digits, `decimal` with its scale. `ZEROFILL` of integers is display and "
		   "left out.\n"
		   "- `float`, `double`: the shortest text that denotes the same binary number, laid out as Postgres does: "
		   "`0.1`, `1e+20`, `-0`;\n"
		   "  of `float(M,D)` and `double(M,D)` D digits after the point, as the source shows it.\n"
		   "- `year`: four digits. `bit(n)`: n binary digits.\n"
		   "- `date`: `2020-01-31`. `datetime(n)`: `2020-01-31 23:59:59` with n digits of the fraction. "
		   "`timestamp(n)`: the same in UTC, with\n"
		   "  `+00` at the end, because it denotes an instant. `time(n)`: `-838:59:59` with n digits of the fraction. "
		   "Zero and partial dates\n"
		   "  keep their zeros in text columns.\n"
		   "- Character types, `enum`, `set`, `json`, MariaDB's `uuid`, `inet4` and `inet6`: as the server sends them, "
		   "in UTF-8.\n"
		   "- Binary and spatial types: `\\x` and hex digits, in messages only.\n\n"
		   "## Rules\n\n"
		   "What a rule in `alkconv.rule` may change before or instead of these conversions: [rules.md](rules.md).\n\n"
		   "## Refusals\n\n"
		   "The first value that does not fit stops the run; the message names table, column and key.\n\n";
	AddFaults(out);
	out.pop_back();
	return out;
}

} // namespace alkconv::test
