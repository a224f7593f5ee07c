// Regime: C++ (may throw, never calls Postgres)
//
// Parses information_schema.columns.COLUMN_TYPE of MySQL 8/9 and MariaDB 10.11/11.8: a type name, an optional list in parentheses,
// and attributes. Comments that MariaDB adds ("datetime /* mariadb-5.3 */", "blob /*M!100301 COMPRESSED*/") say nothing about the
// values and are skipped.
#include "core/types.hpp"

#include "core/status.hpp"

#include <array>
#include <limits>

namespace alkconv::core {

namespace {

struct TypeName {
	std::string_view name;
	MySqlKind kind;
	uint64_t length; // bytes that the texts and blobs hold; default length of the others
};

constexpr std::array kTypeNames{
	TypeName{"tinyint", MySqlKind::tinyint, 0},
	TypeName{"smallint", MySqlKind::smallint, 0},
	TypeName{"mediumint", MySqlKind::mediumint, 0},
	TypeName{"int", MySqlKind::int_, 0},
	TypeName{"integer", MySqlKind::int_, 0},
	TypeName{"bigint", MySqlKind::bigint, 0},
	TypeName{"decimal", MySqlKind::decimal, 0},
	TypeName{"numeric", MySqlKind::decimal, 0},
	TypeName{"float", MySqlKind::float_, 0},
	TypeName{"double", MySqlKind::double_, 0},
	TypeName{"real", MySqlKind::double_, 0},
	TypeName{"bit", MySqlKind::bit, 1},
	TypeName{"year", MySqlKind::year, 0},
	TypeName{"date", MySqlKind::date, 0},
	TypeName{"datetime", MySqlKind::datetime, 0},
	TypeName{"timestamp", MySqlKind::timestamp, 0},
	TypeName{"time", MySqlKind::time, 0},
	TypeName{"char", MySqlKind::char_, 1},
	TypeName{"varchar", MySqlKind::varchar, 0},
	TypeName{"tinytext", MySqlKind::text, 255},
	TypeName{"text", MySqlKind::text, 65535},
	TypeName{"mediumtext", MySqlKind::text, 16777215},
	TypeName{"longtext", MySqlKind::text, 4294967295},
	TypeName{"binary", MySqlKind::binary, 1},
	TypeName{"varbinary", MySqlKind::varbinary, 0},
	TypeName{"tinyblob", MySqlKind::blob, 255},
	TypeName{"blob", MySqlKind::blob, 65535},
	TypeName{"mediumblob", MySqlKind::blob, 16777215},
	TypeName{"longblob", MySqlKind::blob, 4294967295},
	TypeName{"enum", MySqlKind::enum_, 0},
	TypeName{"set", MySqlKind::set, 0},
	TypeName{"json", MySqlKind::json, 0},
	TypeName{"geometry", MySqlKind::geometry, 0},
	TypeName{"point", MySqlKind::geometry, 0},
	TypeName{"linestring", MySqlKind::geometry, 0},
	TypeName{"polygon", MySqlKind::geometry, 0},
	TypeName{"multipoint", MySqlKind::geometry, 0},
	TypeName{"multilinestring", MySqlKind::geometry, 0},
	TypeName{"multipolygon", MySqlKind::geometry, 0},
	TypeName{"geometrycollection", MySqlKind::geometry, 0}, // MariaDB's spelling
	TypeName{"geomcollection", MySqlKind::geometry, 0},		// MySQL's
	TypeName{"uuid", MySqlKind::uuid, 0},
	TypeName{"inet4", MySqlKind::inet4, 0},
	TypeName{"inet6", MySqlKind::inet6, 0},
	TypeName{"vector", MySqlKind::vector, 0},
};

constexpr uint64_t kVectorElementBytes = 4; // both engines store single-precision elements

class Parser {
public:
	explicit Parser(std::string_view text) : text_(text) {}

	// The next word in lower case; empty at the end and before anything that is not a letter or digit.
	std::string Word() {
		SkipBlanks();
		std::string word;
		while (at_ < text_.size() && IsWordCharacter(text_[at_])) {
			const char c = text_[at_++];
			word.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
		}
		return word;
	}

	bool Take(char wanted) {
		SkipBlanks();
		if (at_ == text_.size() || text_[at_] != wanted)
			return false;
		++at_;
		return true;
	}

	void Expect(char wanted) {
		if (!Take(wanted))
			Fail();
	}

	bool AtEnd() {
		SkipBlanks();
		return at_ == text_.size();
	}

	uint64_t Number() {
		const std::string word = Word();
		uint64_t value = 0;
		if (word.empty() || word.size() > 18)
			Fail();
		for (const char c : word) {
			if (c < '0' || c > '9')
				Fail();
			value = value * 10 + static_cast<uint64_t>(c - '0');
		}
		return value;
	}

	// One label of an enum or set. Both servers write them with append_unescaped(): a quote is doubled, a backslash, NUL, line feed
	// and carriage return are escaped by a backslash whatever sql_mode says; everything else stands for itself.
	std::string Label() {
		Expect('\'');
		std::string label;
		for (;;) {
			if (at_ == text_.size())
				Fail();
			char c = text_[at_++];
			if (c == '\'') {
				if (at_ == text_.size() || text_[at_] != '\'')
					return label;
				++at_;
			} else if (c == '\\') {
				if (at_ == text_.size())
					Fail();
				c = Unescaped(text_[at_++]);
			}
			label.push_back(c);
		}
	}

	[[noreturn]] void Fail() const {
		throw Error(Code::internal, "could not parse column type \"" + std::string(text_) + "\"")
			.Detail("Parsing stopped at byte " + std::to_string(at_) + ".")
			.Hint("This is what information_schema.columns.column_type said. Please report it as a bug.");
	}

private:
	static bool IsWordCharacter(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
	}

	static char Unescaped(char c) {
		switch (c) {
		case '0': return '\0';
		case 'n': return '\n';
		case 'r': return '\r';
		default: return c;
		}
	}

	void SkipBlanks() {
		for (;;) {
			while (at_ < text_.size() && text_[at_] == ' ')
				++at_;
			if (text_.substr(at_, 2) != "/*")
				return;
			const size_t end = text_.find("*/", at_ + 2);
			if (end == std::string_view::npos)
				Fail();
			at_ = end + 2;
		}
	}

	std::string_view text_;
	size_t at_ = 0;
};

uint32_t Narrow(const Parser &parser, uint64_t number) {
	if (number > std::numeric_limits<uint32_t>::max())
		parser.Fail();
	return static_cast<uint32_t>(number);
}

// Of FLOAT(M,D) and DOUBLE(M,D).
constexpr uint64_t kMostDeclaredDigits = 255, kMostDeclaredDecimals = 30;

void ParseArguments(Parser &parser, SourceType &type) {
	if (type.kind == MySqlKind::enum_ || type.kind == MySqlKind::set) {
		do
			type.labels.push_back(parser.Label());
		while (parser.Take(','));
		parser.Expect(')');
		return;
	}
	const uint64_t first = parser.Number();
	const bool two = parser.Take(',');
	const uint64_t second = two ? parser.Number() : 0;
	parser.Expect(')');
	switch (type.kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint:
	case MySqlKind::year: type.display_width = Narrow(parser, first); break;
	case MySqlKind::decimal:
		type.precision = Narrow(parser, first);
		type.scale = Narrow(parser, second);
		break;
	case MySqlKind::datetime:
	case MySqlKind::timestamp:
	case MySqlKind::time: type.fsp = Narrow(parser, first); break;
	case MySqlKind::vector: type.length = first * kVectorElementBytes; break;
	case MySqlKind::bit:
	case MySqlKind::char_:
	case MySqlKind::varchar:
	case MySqlKind::binary:
	case MySqlKind::varbinary: type.length = first; break;
	case MySqlKind::float_:
	case MySqlKind::double_:
		if (two && first <= kMostDeclaredDigits && second <= kMostDeclaredDecimals) {
			type.precision = static_cast<uint32_t>(first);
			type.scale = static_cast<uint32_t>(second);
		}
		break;
	default: break;
	}
}

} // namespace

SourceType ParseSourceType(std::string_view column_type, std::string_view charset, std::string_view collation) {
	Parser parser(column_type);
	SourceType type;
	type.text = column_type;
	type.charset = charset;
	type.collation = collation;

	const std::string name = parser.Word();
	if (name.empty())
		parser.Fail();
	for (const TypeName &known : kTypeNames)
		if (known.name == name) {
			type.kind = known.kind;
			type.length = known.length;
		}
	if (type.kind == MySqlKind::unknown)
		return type; // its arguments are as unknown as itself
	if (type.kind == MySqlKind::decimal)
		type.precision = 10; // DECIMAL without arguments is DECIMAL(10,0)
	if (parser.Take('('))
		ParseArguments(parser, type);
	else if (type.kind == MySqlKind::enum_ || type.kind == MySqlKind::set)
		parser.Fail();

	while (!parser.AtEnd()) {
		const std::string attribute = parser.Word();
		if (attribute.empty())
			parser.Fail();
		if (attribute == "unsigned" || attribute == "zerofill") // ZEROFILL implies UNSIGNED
			type.is_unsigned = true;
	}
	return type;
}

} // namespace alkconv::core
