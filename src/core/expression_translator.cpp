// Regime: C++ (may throw, never calls Postgres)
//
// Literals, columns, conditions and CASE.
#include "core/expression_translator.hpp"

#include "core/decimal.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>
#include <cstring>

namespace alkconv::core::expression {

namespace {

// Parts are repeated where a NULL must be looked for; nested ones could grow without bound.
constexpr size_t kMaxSql = size_t{64} * 1024;

Value Number(const std::string &text) {
	const size_t point = text.find('.');
	if (text.find_first_of("eE") != std::string::npos)
		return Make(Form::floating, SqlLiteral(text) + "::double precision");
	if (text.size() > 80)
		throw Refusal{"a number has more than 80 digits"};
	if (point != std::string::npos || text.size() > 20) {
		const auto scale = static_cast<unsigned>(point == std::string::npos ? 0 : text.size() - point - 1);
		const std::string sql = (point == 0 ? "0" : "") + text + (scale == 0 && point != std::string::npos ? "0" : "");
		return MakeDecimal(sql, static_cast<unsigned>(std::min(point, text.size())), scale);
	}
	Wide number = 0;
	for (const char c : text)
		number = number * 10 + (c - '0');
	if (number > kMaxUnsigned)
		return MakeDecimal(text, static_cast<unsigned>(text.size()), 0);
	return MakeIntegerLiteral(number);
}

// b'101' and 0x1F are binary strings, and numbers where a number is asked for; these are seen as the latter.
Value NumberOfBits(const std::string &digits) {
	if (digits.size() > 64)
		throw Refusal{"a bit literal has more than 64 digits"};
	Wide number = 0;
	for (const char c : digits)
		number = number * 2 + (c - '0');
	Value v = MakeIntegerLiteral(number);
	v.is_unsigned = true;
	v.bits = true;
	return v;
}

bool IsAsciiText(const std::string &text) noexcept {
	return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool EqualButForCase(const std::string &a, const std::string &b) noexcept {
	const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
	return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

Value String(const Node &node, bool mariadb) {
	if (node.name == "binary")
		return MakeBytesLiteral(node.text);
	const bool utf8 = node.name.empty() || node.name.rfind("utf8", 0) == 0;
	if (!utf8 && !IsAsciiText(node.text))
		throw Refusal{"a literal is of charset " + node.name};
	// MariaDB's information_schema shows characters beyond the basic plane as ????
	if (mariadb && node.text.find("????") != std::string::npos)
		throw Refusal{"a literal holds ????, which may stand for a character that information_schema does not show"};
	return MakeStringLiteral(node.text);
}

} // namespace

std::string IfNotNull(const std::vector<Value> &values, const std::string &sql) {
	std::string condition;
	for (const Value &v : values)
		if (!v.literal && !IsConstant(v))
			condition += (condition.empty() ? "" : " AND ") + v.sql + " IS NOT NULL";
	return condition.empty() ? sql : "CASE WHEN " + condition + " THEN " + sql + " END";
}

Value Translator::Translate(const Node &node) const {
	Value v;
	switch (node.kind) {
	case NodeKind::null:
	case NodeKind::boolean:
	case NodeKind::number:
	case NodeKind::string:
	case NodeKind::bytes:
	case NodeKind::bits:
	case NodeKind::temporal: v = Literal(node); break;
	case NodeKind::column: v = Column(node.text); break;
	case NodeKind::unary: v = Unary(node); break;
	case NodeKind::binary: v = Binary(node); break;
	case NodeKind::logical: v = Logical(node); break;
	case NodeKind::is: v = Is(node); break;
	case NodeKind::in: v = In(node); break;
	case NodeKind::between: v = Between(node); break;
	case NodeKind::like: v = Like(node, TranslateAll(node.children)); break;
	case NodeKind::regexp: throw Refusal{"regular expressions are of another dialect"};
	case NodeKind::case_: v = Case(node); break;
	case NodeKind::function: v = Call(node, TranslateAll(node.children), scope_.mariadb); break;
	case NodeKind::cast: v = Cast(node, Translate(*node.children[0]), scope_.mariadb); break;
	case NodeKind::collate: v = Collate(Translate(*node.children[0]), node.text); break;
	case NodeKind::interval: throw Refusal{"INTERVAL without a date"};
	}
	if (v.sql.size() > kMaxSql)
		throw Refusal{"the translation is longer than " + std::to_string(kMaxSql) + " bytes"};
	return v;
}

std::vector<Value> Translator::TranslateAll(const std::vector<NodePtr> &nodes) const {
	std::vector<Value> values;
	for (const NodePtr &node : nodes)
		values.push_back(Translate(*node));
	return values;
}

Value Translator::Column(const std::string &name) const {
	const auto use = [&](const ExpressionColumn &column) {
		if (!column.unfit.empty())
			throw Refusal{"column `" + name + "` " + column.unfit};
		return ColumnValue(column);
	};
	for (const ExpressionColumn &column : scope_.columns)
		if (column.source_name == name)
			return use(column);
	// names of columns that differ in case only do not exist
	for (const ExpressionColumn &column : scope_.columns)
		if (EqualButForCase(column.source_name, name))
			return use(column);
	throw Refusal{"column `" + name + "` cannot be used here"};
}

Value Translator::Literal(const Node &node) const {
	switch (node.kind) {
	case NodeKind::boolean: return MakeBoolean(node.text);
	case NodeKind::number: return Number(node.text);
	case NodeKind::string: return String(node, scope_.mariadb);
	case NodeKind::bytes: return MakeBytesLiteral(node.text);
	case NodeKind::bits: return NumberOfBits(node.text);
	case NodeKind::temporal: {
		const Value literal = MakeStringLiteral(node.text);
		return node.name == "date" ? ToDate(literal) : node.name == "time" ? ToTime(literal) : ToDateTime(literal);
	}
	default: return MakeNull();
	}
}

Value Translator::Unary(const Node &node) const {
	const Value v = Translate(*node.children[0]);
	if (node.text == "not")
		return From({&v}, MakeBoolean("(NOT " + ToBoolean(v).sql + ")"));
	return node.text == "-" ? Negate(v) : Invert(v);
}

namespace {

constexpr const char *kComparisons[] = {"=", "<>", "<", "<=", ">", ">=", "<=>"};

bool IsComparison(const std::string &op) noexcept {
	return std::any_of(std::begin(kComparisons), std::end(kComparisons),
					   [&](const char *known) { return op == known; });
}

// MySQL's number of a bytes literal beside a number.
Value AsNumber(const Value &v, const Value &other) {
	if (v.form != Form::binary || !v.literal || !IsNumber(other) || v.literal->empty() || v.literal->size() > 8)
		return v;
	Wide number = 0;
	for (const char c : *v.literal)
		number = number * 256 + static_cast<unsigned char>(c);
	Value result = MakeIntegerLiteral(number);
	result.is_unsigned = true;
	return result;
}

// A boolean compared with 0 or 1 is what it says or the opposite; MySQL prints many conditions so.
bool IsTruth(const std::string &op, const Value &left, const Value &right, Value &result) {
	for (const auto &[condition, number] : {std::pair(&left, &right), std::pair(&right, &left)})
		if (condition->form == Form::boolean && (op == "=" || op == "<>") &&
			(IsConstant(*number, 0) || IsConstant(*number, 1))) {
			const bool same = (op == "=") == IsConstant(*number, 1);
			result = From({condition}, MakeBoolean(same ? condition->sql : "(NOT " + condition->sql + ")"));
			return true;
		}
	return false;
}

} // namespace

Value Translator::Binary(const Node &node) const {
	const std::string &op = node.text;
	if (node.children[1]->kind == NodeKind::interval)
		return DateArithmetic(node);
	const Value first = Translate(*node.children[0]), second = Translate(*node.children[1]);
	const Value left = AsNumber(first, second), right = AsNumber(second, first);
	if (op == "xor")
		return From({&left, &right}, MakeBoolean("(" + ToBoolean(left).sql + " <> " + ToBoolean(right).sql + ")"));
	if (!IsComparison(op))
		return Arithmetic(op, left, right);
	Value truth;
	return IsTruth(op, left, right, truth) ? truth : Compare(op, left, right);
}

Value Translator::Logical(const Node &node) const {
	Value result = MakeBoolean("");
	for (const NodePtr &child : node.children) {
		const Value v = ToBoolean(Translate(*child));
		result.sql += (result.sql.empty() ? "(" : node.text == "and" ? " AND " : " OR ") + v.sql;
		result = From({&v}, result);
	}
	result.sql += ')';
	return result;
}

Value Translator::Is(const Node &node) const {
	const Value v = Translate(*node.children[0]);
	const std::string is = node.negated ? " IS NOT " : " IS ";
	if (node.text == "null")
		return From({&v}, MakeBoolean("(" + v.sql + is + "NULL)"));
	return From({&v}, MakeBoolean("(" + ToBoolean(v).sql + is + (node.text == "true" ? "TRUE)" : "FALSE)")));
}

Value Translator::In(const Node &node) const {
	std::vector<Value> operands = TranslateAll(node.children);
	for (size_t i = 1; i < operands.size(); ++i)
		operands[i] = AsNumber(operands[i], operands[0]);
	PrepareComparison("=", operands);
	std::string list;
	Value result = MakeBoolean("");
	for (const Value &v : operands) {
		if (&v != &operands.front())
			list += (list.empty() ? "" : ", ") + v.sql;
		result = From({&v}, result);
	}
	result.sql = "(" + operands[0].sql + (node.negated ? " NOT IN (" : " IN (") + list + "))";
	return result;
}

Value Translator::Between(const Node &node) const {
	std::vector<Value> operands = TranslateAll(node.children);
	PrepareComparison("<", operands);
	return From({&operands[0], &operands[1], &operands[2]},
				MakeBoolean("(" + operands[0].sql + (node.negated ? " NOT BETWEEN " : " BETWEEN ") + operands[1].sql +
							" AND " + operands[2].sql + ")"));
}

Value Translator::Case(const Node &node) const {
	const bool has_operand = node.text == "operand";
	const size_t first = has_operand ? 1 : 0;
	std::vector<Value> conditions, results;
	for (size_t i = first; i + 1 < node.children.size(); i += 2) {
		const Value when = Translate(*node.children[i]);
		conditions.push_back(has_operand ? Compare("=", Translate(*node.children[0]), when) : ToBoolean(when));
		results.push_back(Translate(*node.children[i + 1]));
	}
	if (conditions.empty())
		throw Refusal{"CASE without WHEN"};
	const bool has_else = (node.children.size() - first) % 2 != 0;
	if (has_else)
		results.push_back(Translate(*node.children.back()));
	Unify(results, "CASE");
	Value result = MakeNull();
	for (const Value &v : results)
		if (result.form == Form::null)
			result = v;
	result.literal.reset();
	result.constant = false;
	std::string sql = "CASE";
	for (size_t i = 0; i < conditions.size(); ++i)
		sql += " WHEN " + conditions[i].sql + " THEN " + results[i].sql;
	if (has_else)
		sql += " ELSE " + results.back().sql;
	result.sql = "(" + sql + " END)";
	for (const auto *list : {&conditions, &results})
		for (const Value &v : *list)
			result = From({&v}, result);
	return result;
}

} // namespace alkconv::core::expression
