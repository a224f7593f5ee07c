// Regime: C++ (may throw, never calls Postgres)
//
// First what the expression's tree says of interesting values, then what each column could hold, then their combinations.
#include "core/expression_samples.hpp"

#include "core/digest_mysql.hpp"
#include "core/expression_lexer.hpp"
#include "core/expression_parser.hpp"
#include "core/expression_translator.hpp"
#include "core/hex.hpp"
#include "core/sample_values.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

using namespace expression;

bool EqualButForCase(const std::string &a, const std::string &b) noexcept {
	const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
	return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

// The columns that a tree names, each once, and its literals.
class Walk {
public:
	explicit Walk(const ExpressionScope &scope) : scope_(scope) {}

	std::vector<ExpressionColumn> columns;
	Landmarks landmarks;

	void Visit(const Node &node) {
		switch (node.kind) {
		case NodeKind::number: landmarks.numbers.push_back(node.text); break;
		case NodeKind::string:
		case NodeKind::temporal:
		case NodeKind::bytes: landmarks.texts.push_back(node.text); break;
		case NodeKind::column: Add(node.text); break;
		case NodeKind::cast:
			for (const unsigned number : node.numbers)
				landmarks.numbers.push_back(std::to_string(number));
			break;
		default: break;
		}
		for (const NodePtr &child : node.children)
			Visit(*child);
	}

private:
	const ExpressionScope &scope_;

	void Add(const std::string &name) {
		for (const ExpressionColumn &known : columns)
			if (EqualButForCase(known.source_name, name))
				return;
		for (const ExpressionColumn &column : scope_.columns)
			if (EqualButForCase(column.source_name, name)) {
				columns.push_back(column);
				return;
			}
	}
};

size_t ProductOf(const std::vector<std::vector<Sample>> &values) noexcept {
	size_t product = 1;
	for (const std::vector<Sample> &column : values)
		if ((product *= column.size()) > kMostSampleRows)
			break;
	return product;
}

// Every combination, where there are few.
std::vector<std::vector<Sample>> AllRows(const std::vector<std::vector<Sample>> &values, size_t count) {
	std::vector<std::vector<Sample>> rows(count);
	for (size_t row = 0; row < count; ++row) {
		size_t rest = row;
		for (const std::vector<Sample> &column : values) {
			rows[row].push_back(column[rest % column.size()]);
			rest /= column.size();
		}
	}
	return rows;
}

// Otherwise each value of each column at least once with all others NULL and once with the others' first that is not, the rest by a fixed
// sequence of pseudo-random numbers.
std::vector<std::vector<Sample>> SomeRows(const std::vector<std::vector<Sample>> &values) {
	std::vector<std::vector<Sample>> rows;
	const auto add = [&](size_t varied, size_t value, size_t others) {
		std::vector<Sample> row;
		for (size_t c = 0; c < values.size(); ++c)
			row.push_back(values[c][c == varied ? value : std::min(others, values[c].size() - 1)]);
		if (rows.size() < kMostSampleRows / 2)
			rows.push_back(std::move(row));
	};
	for (size_t value = 0; value < kMostSamples; ++value)
		for (size_t c = 0; c < values.size(); ++c)
			for (const size_t others : {size_t{0}, size_t{1}})
				if (value < values[c].size())
					add(c, value, others);
	uint64_t state = 1;
	while (rows.size() < kMostSampleRows) {
		std::vector<Sample> row;
		for (const std::vector<Sample> &column : values) {
			state = state * 6364136223846793005U + 1442695040888963407U; // Knuth's MMIX
			row.push_back(column[static_cast<size_t>(state >> 33) % column.size()]);
		}
		rows.push_back(std::move(row));
	}
	return rows;
}

std::string HexOf(const std::string &bytes) {
	std::string hex;
	for (const char c : bytes) {
		char digits[2];
		PutHex(static_cast<unsigned char>(c), digits);
		hex.append(digits, 2);
	}
	return hex;
}

// A literal, which takes the charset and collation of what it stands beside.
std::string MysqlText(const std::string &text) {
	std::string literal = "'";
	for (const char c : text) {
		if (c == '\'' || c == '\\')
			literal += '\\';
		literal += c;
	}
	return literal + "'";
}

} // namespace

SampleRows MakeSampleRows(const std::string &plain, const ExpressionScope &scope, uint64_t length) {
	Walk walk(scope);
	walk.Visit(*Parse(Tokenize(plain)));
	if (length > 0)
		walk.landmarks.numbers.push_back(std::to_string(length));
	SampleRows result;
	result.columns = std::move(walk.columns);
	std::vector<std::vector<Sample>> values;
	for (const ExpressionColumn &column : result.columns)
		values.push_back(SampleValues(column, walk.landmarks));
	const size_t product = ProductOf(values);
	result.rows = product <= kMostSampleRows ? AllRows(values, product) : SomeRows(values);
	return result;
}

std::vector<ExpressionColumn> NamedColumns(const std::string &plain, const ExpressionScope &scope) {
	Walk walk(scope);
	walk.Visit(*Parse(Tokenize(plain)));
	return std::move(walk.columns);
}

std::string MysqlSample(const ExpressionColumn &column, const Sample &sample, bool mariadb) {
	const SourceType &type = column.source_type;
	if (!sample)
		return "NULL";
	const std::string &text = *sample;
	const std::string quoted = "'" + text + "'", fsp = "(" + std::to_string(type.fsp) + ")";
	switch (type.kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint: return "CAST(" + text + (type.is_unsigned ? " AS UNSIGNED)" : " AS SIGNED)");
	case MySqlKind::year:
	case MySqlKind::bit: return "CAST(" + text + " AS UNSIGNED)";
	case MySqlKind::decimal:
		return "CAST(" + quoted + " AS DECIMAL(" + std::to_string(type.precision) + "," + std::to_string(type.scale) +
			   "))";
	case MySqlKind::float_:
	case MySqlKind::double_: return ExactDouble(text, type.kind == MySqlKind::float_);
	case MySqlKind::date: return "CAST(" + quoted + " AS DATE)";
	case MySqlKind::datetime:
	case MySqlKind::timestamp: return "CAST(" + quoted + " AS DATETIME" + fsp + ")";
	case MySqlKind::time: return "CAST(" + quoted + " AS TIME" + fsp + ")";
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob: return "CAST(X'" + HexOf(text) + "' AS BINARY)";
	case MySqlKind::json:
		return mariadb ? "_utf8mb4 X'" + HexOf(text) + "' COLLATE utf8mb4_bin"
					   : "CAST(_utf8mb4 X'" + HexOf(text) + "' AS JSON)";
	default: return MysqlText(text);
	}
}

bool HasCollation(const SourceType &type) noexcept { return !type.collation.empty(); }

std::string PostgresSample(const ExpressionColumn &column, const Sample &sample) {
	const Form form = ColumnValue(column).form;
	const bool named =
		form == Form::label || form == Form::opaque; // as text: the type may not exist yet, or be anybody's
	const std::string &type = named ? "pg_catalog.text" : column.target_type;
	if (!sample)
		return "CAST(NULL AS " + type + ")";
	std::string text = *sample;
	if (form == Form::binary)
		text = "\\x" + HexOf(text);
	else if (form == Form::instant)
		text += "+00";
	else if (column.source_type.kind == MySqlKind::bit && type.compare(0, 3, "bit") == 0)
		text = BitDigits(text, column.source_type.length);
	return "CAST(" + SqlLiteral(text) + " AS " + type + ")";
}

} // namespace alkconv::core
