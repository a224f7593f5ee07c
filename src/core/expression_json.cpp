// Regime: C++ (may throw, never calls Postgres)
//
// JSON functions: paths of keys and positions, and documents made of literals.
#include "core/expression_translator.hpp"
#include "core/sql_literal.hpp"
#include "core/text.hpp"

#include <string_view>

namespace alkconv::core::expression {

namespace {

std::string Function(const Value &v, const char *name) {
	return std::string("pg_catalog.") + (v.jsonb ? "jsonb_" : "json_") + name;
}

class PathReader {
public:
	PathReader(const Value &document, std::string_view path) : v_(document), rest_(path) {}

	Value Run() {
		if (rest_.empty() || rest_[0] != '$')
			Refuse();
		rest_.remove_prefix(1);
		while (!rest_.empty()) {
			const char c = rest_[0];
			rest_.remove_prefix(1);
			if (c == '.')
				Key();
			else if (c == '[')
				Position();
			else
				Refuse();
		}
		v_.literal.reset();
		return v_;
	}

private:
	[[noreturn]] static void Refuse() { throw Refusal{"a JSON path of other parts than keys and positions"}; }

	void Key() {
		std::string key;
		if (!rest_.empty() && rest_[0] == '"') {
			const size_t end = rest_.find('"', 1);
			key = std::string(rest_.substr(1, end == std::string_view::npos ? end : end - 1));
			if (end == std::string_view::npos || key.find('\\') != std::string::npos)
				Refuse();
			rest_.remove_prefix(end + 1);
		} else {
			constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$";
			const size_t end = std::min(rest_.find_first_not_of(kLetters), rest_.size());
			key = std::string(rest_.substr(0, end));
			if (key.empty())
				Refuse();
			rest_.remove_prefix(end);
		}
		v_.sql = "(" + v_.sql + " -> " + SqlLiteral(key) + "::pg_catalog.text)";
	}

	// What is no array counts as one of itself.
	void Position() {
		const size_t end = rest_.find(']');
		const std::string digits(rest_.substr(0, end));
		if (end == std::string_view::npos || digits.empty() || digits.size() > 9 ||
			digits.find_first_not_of("0123456789") != std::string::npos)
			Refuse();
		rest_.remove_prefix(end + 1);
		const bool first = digits.find_first_not_of('0') == std::string::npos;
		v_.sql = "(CASE WHEN " + Function(v_, "typeof") + "(" + v_.sql + ") = 'array' THEN " + v_.sql + " -> " +
				 (first ? "0" : digits) + (first ? " ELSE " + v_.sql : "") + " END)";
	}

	Value v_;
	std::string_view rest_;
};

Value Extract(const CallOf &call) {
	call.Expect(2, 2);
	const std::optional<std::string> &path = call[1].literal;
	if (call[0].form != Form::json || !path || call[1].form != Form::text)
		throw Refusal{"json_extract() of what is no JSON column, or with a path that is no literal"};
	return PathReader(call[0], *path).Run();
}

Value Unquote(const CallOf &call) {
	call.Expect(1, 1);
	const Value &v = call[0];
	if (v.form != Form::json)
		throw Refusal{"json_unquote() of what is no JSON value"};
	if (call.mariadb && v.jsonb)
		throw Refusal{"json_unquote() shows JSON as it was written, which jsonb does not keep"};
	// JSON's null becomes a text in MySQL, NULL in Postgres
	Value text = Make(Form::text, "(CASE " + Function(v, "typeof") + "(" + v.sql + ") WHEN 'null' THEN 'null' ELSE " +
									  v.sql + " #>> '{}' END)");
	text.collation = Collation::padded; // utf8mb4_bin on both servers
	text.collation_name = "utf8mb4_bin";
	return text;
}

Value Valid(const CallOf &call) {
	call.Expect(1, 1);
	if (call[0].form != Form::json)
		throw Refusal{"json_valid() of what is no JSON column"};
	return MakeBoolean("(CASE WHEN " + call[0].sql + " IS NOT NULL THEN TRUE END)");
}

// One literal as JSON text.
std::string LiteralText(const CallOf &call, const Value &v) {
	if (v.form == Form::null)
		return "null";
	if (v.form == Form::json && v.literal)
		return *v.literal;
	if (v.form == Form::boolean && (v.sql == "true" || v.sql == "false"))
		return v.sql;
	if (IsConstant(v))
		return IntegerText(v.low);
	if (v.form != Form::text || !v.literal)
		throw Refusal{call.name + "() of other values than literals"};
	std::string text = "\"";
	for (const char c : *v.literal) {
		if (static_cast<unsigned char>(c) < 0x20)
			throw Refusal{call.name + "() of a text with control characters"};
		if (c == '"' || c == '\\')
			text += '\\';
		text += c;
	}
	return text + '"';
}

Value Document(std::string text) {
	Value v = Make(Form::json, SqlLiteral(text) + "::pg_catalog.jsonb");
	v.literal = std::move(text);
	return v;
}

Value Array(const CallOf &call) {
	std::string text;
	for (const Value &v : call.arguments)
		text += (text.empty() ? "" : ", ") + LiteralText(call, v);
	return Document("[" + text + "]");
}

Value Object(const CallOf &call) {
	if (call.arguments.size() % 2 != 0)
		throw Refusal{"json_object() with a key that has no value"};
	std::string text;
	for (size_t i = 0; i < call.arguments.size(); i += 2) {
		if (call[i].form != Form::text)
			throw Refusal{"json_object() with a key that is no text"};
		text += (text.empty() ? "" : ", ") + LiteralText(call, call[i]) + ": " + LiteralText(call, call[i + 1]);
	}
	return Document("{" + text + "}");
}

} // namespace

bool CallJson(const CallOf &call, Value &result) {
	if (call.name == "json_extract")
		result = Extract(call);
	else if (call.name == "json_unquote")
		result = Unquote(call);
	else if (call.name == "json_valid")
		result = Valid(call);
	else if (call.name == "json_array")
		result = Array(call);
	else if (call.name == "json_object")
		result = Object(call);
	else
		return false;
	return true;
}

} // namespace alkconv::core::expression
