// Regime: C++ (may throw, never calls Postgres)
//
// Defaults: whether there is one, the value of literals, the kind of clocks. What an expression gives is proved
// elsewhere, on synthetic rows.
#include "core/audit_parts.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace alkconv::core::audit {

namespace {

bool IsOneOf(const std::string &name, std::initializer_list<const char *> names) {
	return std::any_of(names.begin(), names.end(), [&](const char *one) { return name == one; });
}

bool IsText(const std::string &kind) {
	return IsOneOf(kind, {"char", "varchar", "tinytext", "text", "mediumtext", "longtext"});
}

bool IsMoment(const std::string &kind) { return IsOneOf(kind, {"datetime", "timestamp"}); }

bool IsClock(const AuditSourceColumn &column) {
	const std::string text = Lower(column.default_text.value_or(""));
	return IsMoment(column.kind) && (StartsWith(text, "current_timestamp") || StartsWith(text, "now("));
}

// The literal itself: MariaDB's catalog has it as SQL spells it, MySQL's as it is.
std::string Literal(const AuditSourceColumn &column, bool mariadb) {
	std::string_view text = *column.default_text;
	if (!mariadb || text.size() < 2 || text.front() != '\'' || text.back() != '\'')
		return std::string(text);
	const std::vector<std::string> literals = Labels("(" + std::string(text) + ")");
	return literals.size() == 1 ? literals.front() : std::string(text);
}

// What the catalog does not say whole, or in a zone that nobody knows.
bool IsDoubtful(const AuditSourceColumn &column, bool mariadb) {
	const bool question = Contains(*column.default_text, "?");
	if (IsText(column.kind) || IsOneOf(column.kind, {"enum", "set"}))
		return question;
	return (column.kind == "timestamp" && !mariadb) ||
		   IsOneOf(column.kind, {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "vector"});
}

std::string WithoutBlanks(std::string text) {
	while (!text.empty() && text.back() == ' ')
		text.pop_back();
	return text;
}

// "2020-01-01 10:00:00.500000" to "2020-01-01 10:00:00.5", as Postgres is asked for it.
std::string PlainMoment(std::string text) {
	if (!Contains(text, "."))
		return text;
	while (text.back() == '0')
		text.pop_back();
	if (text.back() == '.')
		text.pop_back();
	return text;
}

// "-01:30:00.5" as seconds.
std::string Seconds(std::string_view text) {
	const bool negative = StartsWith(text, "-");
	text.remove_prefix(negative ? 1 : 0);
	uint64_t seconds = 0, part = 0;
	size_t i = 0;
	for (; i < text.size() && text[i] != '.'; ++i) {
		if (text[i] == ':') {
			seconds = (seconds + part) * 60;
			part = 0;
		} else
			part = part * 10 + static_cast<uint64_t>(text[i] - '0');
	}
	return PlainNumber((negative ? "-" : "") + std::to_string(seconds + part) + std::string(text.substr(i)));
}

bool AreNear(const std::string &a, const std::string &b, double tolerance) {
	const double x = std::strtod(a.c_str(), nullptr), y = std::strtod(b.c_str(), nullptr);
	return x == y || std::fabs(x - y) <= tolerance * std::max(std::fabs(x), std::fabs(y));
}

std::string Bits(std::string text) {
	if (StartsWith(text, "b'"))
		text = text.substr(2, text.size() - 3);
	text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
	return text;
}

bool IsNumber(const std::string &text) {
	return !text.empty() && text.find_first_not_of("+-.0123456789") == std::string::npos;
}

// A date in the way in which both servers write it.
bool IsWritten(const std::string &moment, size_t least) {
	return moment.size() >= least && moment[4] == '-' && moment[7] == '-';
}

// Whether the two say the same value, each as its server writes it. What is not known here says so.
bool AreEqual(const AuditSourceColumn &source, const AuditTargetColumn &target, const std::string &literal) {
	const std::string &value = *target.default_value;
	if (IsText(source.kind))
		return source.kind == "char" ? WithoutBlanks(literal) == WithoutBlanks(value) : literal == value;
	if (source.kind == "bit")
		return Bits(literal) == Bits(value);
	if (target.type == "boolean")
		return !IsNumber(literal) || (PlainNumber(literal) == "0" ? "f" : "t") == value;
	if (source.kind == "float" || source.kind == "double")
		return AreNear(literal, value, source.kind == "float" ? 1e-5 : 1e-14);
	if (source.kind == "time")
		return !Contains(literal, ":") || Seconds(literal) == PlainNumber(value);
	if (IsMoment(source.kind))
		return !IsWritten(literal, 19) || PlainMoment(literal) == PlainMoment(value);
	if (source.kind == "year" && literal.size() != 4)
		return true;
	if (source.kind == "decimal" || source.kind == "year" ||
		IsOneOf(source.kind, {"tinyint", "smallint", "mediumint", "int", "bigint"}))
		return !IsNumber(literal) || PlainNumber(literal) == PlainNumber(value);
	if (source.kind == "date")
		return !IsWritten(literal, 10) || literal == value;
	if (IsOneOf(source.kind, {"enum", "set"}))
		return IsNumber(literal) || Lower(literal) == Lower(value);
	return source.kind != "uuid" || Lower(literal) == value;
}

// ---- clocks ----

// The digits of CURRENT_TIMESTAMP(n); nothing: it is more than that, or the column has others.
std::optional<uint64_t> ClockDigits(const AuditSourceColumn &column) {
	const std::string text = *column.default_text;
	const size_t open = std::min(text.find('('), text.size());
	const std::string digits = text.substr(std::min(open + 1, text.size()));
	const bool plain = digits.empty() || digits == ")" || (digits.size() == 2 && digits[1] == ')');
	if (!plain || (digits.size() == 2 && (digits[0] < '0' || digits[0] > '6')))
		return std::nullopt;
	const uint64_t number = digits.size() == 2 ? static_cast<uint64_t>(digits[0] - '0') : 0;
	return number == column.fraction ? std::make_optional(number) : std::nullopt;
}

// As the server writes it. What is behind the clock's digits is cut off: CURRENT_TIMESTAMP(n) and casts round.
bool ShowsDigits(const std::string &made, uint64_t digits) {
	static constexpr const char *kSteps[] = {"'00:00:01'",	   "'00:00:00.1'",	  "'00:00:00.01'",
											 "'00:00:00.001'", "'00:00:00.0001'", "'00:00:00.00001'"};
	static constexpr const char *kNames[] = {"date_trunc('second'", nullptr, nullptr, "date_trunc('milliseconds'"};
	const bool cuts = Contains(made, "date_trunc(") || Contains(made, "date_bin(");
	const bool rounds = Contains(made, "TIMESTAMP(") && !Contains(made, "TIMESTAMP(6)");
	if (digits > 5)
		return !cuts && !rounds;
	const bool named = digits < 4 && kNames[digits] != nullptr && Contains(made, kNames[digits]);
	return !rounds && (named || Contains(made, std::string("date_bin(") + kSteps[digits]));
}

// The wall time of now as an instant, which is another one in an hour that the clocks repeat.
bool IsLocalInstant(const AuditTargetColumn &target) {
	return Contains(target.type, "with time zone") && Contains(*target.default_text, "LOCALTIMESTAMP");
}

// ---- notes ----

// What any run can make of a column whose values no rule changes: such a default is not left out.
bool IsAlwaysMade(const AuditSourceColumn &source, const AuditTargetColumn &target, bool mariadb) {
	if (IsClock(source))
		return ClockDigits(source).has_value() && StartsWith(target.type, "timestamp");
	if (source.default_is_expression)
		return Lower(*source.default_text) == "uuid()" && target.type == "uuid";
	const std::string literal = Literal(source, mariadb);
	if (target.type == "boolean")
		return literal == "0" || literal == "1";
	if (source.kind == "enum") {
		const std::vector<std::string> labels = Labels(source.type);
		return !Contains(source.type, "?") && std::find(labels.begin(), labels.end(), literal) != labels.end();
	}
	return IsOneOf(source.kind, {"tinyint", "smallint", "mediumint", "int", "bigint"}) && IsNumber(literal) &&
		   literal.size() < 19;
}

// ---- expressions ----

// A call of what gives another value each time.
bool IsVolatile(const std::string &expression) {
	const std::string text = Lower(expression);
	if (Contains(text, "'") || Contains(text, "\""))
		return false; // what stands in a literal is no call
	for (const char *call : {"uuid(", "now(", "rand(", "current_timestamp", "curdate(", "curtime(", "utc_timestamp"}) {
		const size_t at = text.find(call);
		if (at != std::string::npos && (at == 0 || (!std::isalnum(static_cast<unsigned char>(text[at - 1])) &&
													text[at - 1] != '_' && text[at - 1] != '`')))
			return true;
	}
	return false;
}

class Comparison {
public:
	explicit Comparison(const Table &table) : table_(table) {}

	AuditResult Run() {
		for (const AuditSourceColumn &source : table_.source.columns) {
			const AuditColumnPair *pair = table_.PairOf(source.name);
			const AuditTargetColumn *target = pair == nullptr ? nullptr : table_.TargetColumn(pair->target);
			if (target != nullptr && !source.generated && !source.auto_increment)
				Compare(source, *target, *pair);
		}
		return std::move(result_);
	}

private:
	const Table &table_;
	AuditResult result_ = {"defaults", 0, {}};

	std::string Shown(const AuditSourceColumn &source) const {
		if (!source.default_text)
			return "none";
		return source.default_is_expression ? *source.default_text : Literal(source, table_.schema.mariadb);
	}

	void Differ(const AuditSourceColumn &source, const AuditTargetColumn &target) {
		result_.differences.push_back(
			{"column " + target.name, Shown(source), target.default_text.value_or("none"), !source.default_text});
	}

	static bool ByRule(const AuditColumnPair &pair) { return !pair.type_by_rule.empty() || pair.changed_by_rule; }

	static bool IsPlainBoolean(const AuditSourceColumn &source, const AuditTargetColumn &target,
							   const AuditColumnPair &pair) {
		return target.type == "boolean" && Contains(source.kind, "int") && !pair.changed_by_rule;
	}

	// A note of it counts where the reason can be one.
	bool IsLeftOut(const AuditSourceColumn &source, const AuditTargetColumn &target,
				   const AuditColumnPair &pair) const {
		const bool by_rule = ByRule(pair) && !IsPlainBoolean(source, target, pair);
		return table_.Note("default", source.name) != nullptr &&
			   (by_rule || pair.empty_to_null || !IsAlwaysMade(source, target, table_.schema.mariadb));
	}

	// A rule may make NULL of it, which is no default.
	bool MayBeNull(const AuditSourceColumn &source, const AuditColumnPair &pair) const {
		return pair.changed_by_rule || (pair.empty_to_null && Literal(source, table_.schema.mariadb).empty());
	}

	void Compare(const AuditSourceColumn &source, const AuditTargetColumn &target, const AuditColumnPair &pair) {
		if (!source.default_text || IsLeftOut(source, target, pair)) {
			if (target.default_text)
				Differ(source, target);
			return;
		}
		++result_.compared;
		if (!target.default_text) {
			if (!MayBeNull(source, pair))
				Differ(source, target);
			return;
		}
		if (IsClock(source)) {
			const auto digits = ByRule(pair) ? std::nullopt : ClockDigits(source);
			if (target.default_is_constant || (digits && !ShowsDigits(*target.default_text, *digits)) ||
				(!ByRule(pair) && IsLocalInstant(target)))
				Differ(source, target);
		} else if (source.default_is_expression) {
			if (target.default_is_constant && !ByRule(pair) && IsVolatile(*source.default_text))
				Differ(source, target);
		} else if (!ByRule(pair) || IsPlainBoolean(source, target, pair))
			CompareValue(source, target);
	}

	void CompareValue(const AuditSourceColumn &source, const AuditTargetColumn &target) {
		if (!target.default_is_constant) {
			Differ(source, target);
			return;
		}
		if (!target.default_value || IsDoubtful(source, table_.schema.mariadb))
			return;
		const std::string literal = Literal(source, table_.schema.mariadb);
		if (!AreEqual(source, target, literal))
			result_.differences.push_back({"column " + target.name, literal, *target.default_value});
	}
};

} // namespace

AuditResult CompareDefaults(const Table &table) { return Comparison(table).Run(); }

} // namespace alkconv::core::audit

namespace alkconv::core {

std::string AuditDefaultQuery(const AuditTargetColumn &column) {
	if (!column.default_text || !column.default_is_constant)
		return "";
	const std::string value = "(" + *column.default_text + ")";
	const std::string moment = "'YYYY-MM-DD HH24:MI:SS.US'";
	if (column.type == "text[]")
		return "pg_catalog.array_to_string(" + value + ", ',')";
	if (audit::StartsWith(column.type, "timestamp") && audit::Contains(column.type, "with time zone"))
		return "pg_catalog.to_char(" + value + " AT TIME ZONE 'UTC', " + moment + ")";
	if (audit::StartsWith(column.type, "timestamp"))
		return "pg_catalog.to_char(" + value + ", " + moment + ")";
	if (audit::StartsWith(column.type, "interval") || audit::StartsWith(column.type, "time("))
		return "EXTRACT(epoch FROM " + value + ")::pg_catalog.text";
	if (column.type == "date")
		return "pg_catalog.to_char(" + value + ", 'YYYY-MM-DD')";
	return "pg_catalog.concat(" + value + ")";
}

} // namespace alkconv::core
