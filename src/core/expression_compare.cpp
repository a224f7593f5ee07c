// Regime: C++ (may throw, never calls Postgres)
//
// Comparisons. Texts are compared only under MySQL's binary collations, byte by byte; those that pad are compared without their
// blanks at the end, which gives the same equality but another order.
#include "core/expression_translator.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace alkconv::core::expression {

namespace {

bool Any(const std::vector<Value> &values, Form form) noexcept {
	return std::any_of(values.begin(), values.end(), [form](const Value &v) { return v.form == form; });
}

std::string WithoutBlanks(std::string text) {
	text.erase(text.find_last_not_of(' ') + 1);
	return text;
}

char Fold(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsPrintableAscii(std::string_view text) noexcept {
	return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Under these, printable ASCII texts are equal when they differ at most in the case of letters.
bool FoldsAscii(std::string_view collation) noexcept {
	constexpr std::array<std::string_view, 8> kKnown{
		"utf8mb4_0900_ai_ci", "utf8mb4_0900_as_ci",		"utf8mb4_general_ci", "utf8mb3_general_ci",
		"utf8mb4_unicode_ci", "utf8mb4_unicode_520_ci", "latin1_swedish_ci",  "utf8mb4_uca1400_ai_ci"};
	return std::find(kKnown.begin(), kKnown.end(), collation) != kKnown.end();
}

// An enum has few values, so which of them equals a literal is known now.
Value LabelOf(const Value &label, const Value &literal) {
	const std::string wanted = WithoutBlanks(literal.literal.value_or(""));
	const bool exact = label.collation != Collation::insensitive;
	if (!exact && (!FoldsAscii(label.collation_name) || !IsPrintableAscii(wanted)))
		throw Refusal{"an enum is compared under collation " + label.collation_name};
	for (const std::string &candidate : *label.labels) {
		if (!exact && !IsPrintableAscii(candidate))
			throw Refusal{"an enum is compared under collation " + label.collation_name};
		const bool equal = std::equal(candidate.begin(), candidate.end(), wanted.begin(), wanted.end(),
									  [&](char a, char b) { return exact ? a == b : Fold(a) == Fold(b); });
		if (equal) {
			Value value = literal;
			value.form = Form::label;
			value.sql = SqlLiteral(candidate); // takes the type of the other side
			return value;
		}
	}
	throw Refusal{"an enum is compared with \"" + wanted + "\", which is none of its labels"};
}

void PrepareLabels(const std::string &op, std::vector<Value> &operands) {
	if (op != "=" && op != "<>" && op != "<=>")
		throw Refusal{"an enum is compared by order"};
	const Value label =
		*std::find_if(operands.begin(), operands.end(), [](const Value &v) { return v.form == Form::label; });
	for (Value &v : operands) {
		if (v.form == Form::text && v.literal)
			v = LabelOf(label, v);
		else if (v.form != Form::null && (v.form != Form::label || v.sql != label.sql))
			throw Refusal{"an enum is compared with something else than a literal"};
	}
}

void PrepareTexts(const std::string &op, std::vector<Value> &operands) {
	Value merged = ToText(operands.front());
	for (Value &v : operands) {
		v = ToText(v);
		MergeCollations(merged, v);
	}
	if (merged.collation == Collation::literal || merged.collation == Collation::insensitive)
		throw Refusal{"texts are compared under collation " +
					  (merged.collation_name.empty() ? "of the connection" : merged.collation_name)};
	const bool equality = op == "=" || op == "<>" || op == "<=>";
	if (merged.collation == Collation::padded && !equality)
		throw Refusal{"texts are ordered under collation " + merged.collation_name + ", which pads them with blanks"};
	for (Value &v : operands) {
		if (merged.collation == Collation::padded)
			v.sql = v.literal ? SqlLiteral(WithoutBlanks(*v.literal)) + "::pg_catalog.text"
							  : "pg_catalog.rtrim(" + v.sql + ", ' ')";
		v.sql = "(" + v.sql + " COLLATE pg_catalog.\"C\")";
	}
}

void PrepareNumbers(std::vector<Value> &operands) {
	const bool year = std::any_of(operands.begin(), operands.end(), [](const Value &v) { return v.year; });
	for (const Value &v : operands)
		if (year && !v.year && v.form != Form::null && (v.form != Form::integer || v.low != v.high || v.low < 1901))
			throw Refusal{"a year is compared with something else than four digits"};
	if (Any(operands, Form::floating)) {
		for (Value &v : operands)
			if (v.form != Form::null)
				v = ToDouble(v);
		return;
	}
	const bool all = std::all_of(operands.begin(), operands.end(),
								 [](const Value &v) { return v.form == Form::boolean || v.form == Form::null; });
	for (Value &v : operands)
		if (!all && v.form != Form::null)
			v = ToNumber(v);
}

} // namespace

void PrepareComparison(const std::string &op, std::vector<Value> &operands) {
	const auto all = [&](auto is) {
		return std::all_of(operands.begin(), operands.end(),
						   [&](const Value &v) { return v.form == Form::null || is(v); });
	};
	const auto temporal_or_literal = [](const Value &v) {
		return v.form == Form::date || v.form == Form::datetime || (v.form == Form::text && v.literal);
	};
	const bool equality = op == "=" || op == "<>" || op == "<=>";
	if (all([](const Value &v) { return IsNumber(v); })) {
		PrepareNumbers(operands);
	} else if (Any(operands, Form::binary) &&
			   all([](const Value &v) { return v.form == Form::binary || v.form == Form::text; })) {
		for (Value &v : operands)
			v = ToBinary(v);
	} else if (Any(operands, Form::label)) {
		PrepareLabels(op, operands);
	} else if (all([](const Value &v) { return v.form == Form::text; })) {
		PrepareTexts(op, operands);
	} else if ((Any(operands, Form::date) || Any(operands, Form::datetime)) && all(temporal_or_literal)) {
		for (Value &v : operands)
			v = ToDateTime(v);
	} else if (Any(operands, Form::time) && all([](const Value &v) { return v.form == Form::time || v.literal; })) {
		for (Value &v : operands)
			v = ToTime(v);
	} else if (!all([](const Value &v) { return v.form == Form::instant; }) &&
			   !(equality && all([](const Value &v) { return v.form == Form::uuid; }))) {
		std::string forms;
		for (const Value &v : operands)
			forms += (forms.empty() ? "" : " with ") + std::string(FormName(v.form));
		throw Refusal{"it compares " + forms};
	}
}

Value Compare(const std::string &op, const Value &left, const Value &right) {
	std::vector<Value> operands{left, right};
	PrepareComparison(op, operands);
	const std::string sql = op == "<=>" ? " IS NOT DISTINCT FROM " : " " + op + " ";
	return From({&left, &right}, MakeBoolean("(" + operands[0].sql + sql + operands[1].sql + ")"));
}

namespace {

// A pattern that means the same to Postgres: MySQL takes a backslash at its end for itself.
std::string LikePattern(const std::string &pattern, char escape) {
	size_t at = 0;
	while (at < pattern.size())
		at += pattern[at] == escape ? 2 : 1;
	std::string same = pattern;
	if (at > pattern.size())
		same += escape;
	return same;
}

} // namespace

Value Like(const Node &node, const std::vector<Value> &operands) {
	const Value text = ToText(operands[0]), pattern = ToText(operands[1]);
	Value merged = text;
	MergeCollations(merged, pattern);
	if (merged.collation == Collation::insensitive || merged.collation == Collation::literal)
		throw Refusal{"LIKE under collation " +
					  (merged.collation_name.empty() ? "of the connection" : merged.collation_name)};
	if (!pattern.literal)
		throw Refusal{"LIKE with a pattern that is no literal"};
	char escape = '\\';
	if (operands.size() == 3) {
		const std::string given = operands[2].literal.value_or("");
		if (given.size() != 1 || static_cast<unsigned char>(given.front()) >= 0x80)
			throw Refusal{"LIKE with an escape that is not one ASCII character"};
		escape = given.front();
	}
	const std::string sql = "(" + text.sql + " COLLATE pg_catalog.\"C\" " + (node.negated ? "NOT LIKE " : "LIKE ") +
							SqlLiteral(LikePattern(*pattern.literal, escape)) +
							(escape == '\\' ? "" : " ESCAPE " + SqlLiteral(std::string(1, escape))) + ")";
	return From({&text, &pattern}, MakeBoolean(sql));
}

} // namespace alkconv::core::expression
