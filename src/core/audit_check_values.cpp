// Regime: C++ (may throw, never calls Postgres)
//
// Samples are the numbers that the condition names with their neighbours, and NULL.
#include "core/audit_check_values.hpp"

#include "core/audit_parts.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace alkconv::core {

namespace {

constexpr size_t kMostSamples = 200;
constexpr const char *kOrdinal = "alkconv_n";

using Values = std::vector<std::string>; // "NULL" or a whole number

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }
bool IsLetter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The condition's words, taken apart. Anything but comparisons of columns with whole numbers and their logic makes it
// unknown.
class Condition {
public:
	explicit Condition(const std::string &text) : text_(text) {
		for (size_t i = 0; known && i < text_.size();)
			i = Take(i);
	}

	bool known = true;
	std::set<std::string> columns; // in lower case
	std::set<long> numbers;

private:
	const std::string &text_;
	bool after_operand_ = false; // where a minus would subtract
	bool negative_ = false;

	// Returns where the next word begins.
	size_t Take(size_t i) {
		const char c = text_[i];
		if (c == '`')
			return TakeColumn(i + 1);
		if (IsDigit(c))
			return TakeNumber(i);
		if (IsLetter(c))
			return TakeWord(i);
		if (c == '-')
			known = negative_ = !after_operand_;
		else if (c != ' ' && c != '(')
			after_operand_ = c == ')';
		known = known && std::string_view(" ()<>=,-").find(c) != std::string_view::npos;
		return i + 1;
	}

	size_t TakeColumn(size_t i) {
		const size_t end = text_.find('`', i);
		known = end != std::string::npos && text_.compare(end, 2, "``") != 0;
		if (!known)
			return i;
		columns.insert(audit::Lower(text_.substr(i, end - i)));
		after_operand_ = true;
		return end + 1;
	}

	size_t TakeNumber(size_t i) {
		const size_t end = std::min(text_.find_first_not_of("0123456789", i), text_.size());
		known = end - i < 10 && (end == text_.size() || (text_[end] != '.' && !IsLetter(text_[end])));
		const long number = std::strtol(text_.substr(i, 9).c_str(), nullptr, 10);
		numbers.insert(negative_ ? -number : number);
		negative_ = false;
		after_operand_ = true;
		return end;
	}

	size_t TakeWord(size_t i) {
		size_t end = i;
		while (end < text_.size() && IsLetter(text_[end]))
			++end;
		const std::string word = audit::Lower(text_.substr(i, end - i));
		static const std::set<std::string> words = {"and", "or", "not", "between", "in", "is", "null"};
		known = words.count(word) != 0 && (end == text_.size() || (text_[end] != '_' && !IsDigit(text_[end])));
		after_operand_ = word == "null";
		return end;
	}
};

std::string Quoted(const std::string &name, char quote) {
	std::string quoted(1, quote);
	for (const char c : name)
		quoted.append(c == quote ? 2 : 1, c);
	return quoted + quote;
}

// What both sides can hold; 0: not of that kind, or changed by a rule.
long Highest(const AuditSourceColumn &source, const AuditTargetColumn &target, const AuditColumnPair &pair) {
	if (!audit::Contains(source.kind, "int") || pair.changed_by_rule || !pair.type_by_rule.empty())
		return 0;
	if (source.kind == "tinyint" && target.type == "smallint")
		return 127;
	if (target.type == "smallint")
		return 32767;
	if (target.type == "integer")
		return source.kind == "mediumint" ? 8388607 : 2147483646;
	return target.type == "bigint" || target.type == "numeric(20,0)" ? 2147483646 : 0;
}

struct SampledColumn {
	const AuditSourceColumn *source;
	const AuditTargetColumn *target;
	Values values;
};

class Question {
public:
	Question(const AuditSource &source, const AuditTarget &target, const AuditPair &pair)
		: source_(source), target_(target), pair_(pair) {}

	// Whether it can be asked.
	bool Ask(const AuditCheck &check, const AuditCheck &other, AuditCheckQuestion &question) {
		const Condition condition(check.text);
		// comparisons of numbers alone raise no error in the target, either
		if (!condition.known || condition.columns.empty() || other.text.find_first_of("*/%|&#^~") != std::string::npos)
			return false;
		for (const AuditColumnPair &column : pair_.columns)
			if (condition.columns.count(audit::Lower(column.source)) != 0 && !Add(column, condition.numbers))
				return false;
		if (columns_.size() != condition.columns.size() || Count() > kMostSamples || !KnowsColumnsOf(other))
			return false;
		Write(check, other, question);
		return true;
	}

private:
	const AuditSource &source_;
	const AuditTarget &target_;
	const AuditPair &pair_;
	std::vector<SampledColumn> columns_;

	bool Add(const AuditColumnPair &pair, const std::set<long> &numbers) {
		SampledColumn column = {nullptr, nullptr, {"NULL"}};
		for (const AuditSourceColumn &one : source_.columns)
			column.source = one.name == pair.source ? &one : column.source;
		for (const AuditTargetColumn &one : target_.columns)
			column.target = one.name == pair.target ? &one : column.target;
		if (column.source == nullptr || column.target == nullptr)
			return false;
		const long highest = Highest(*column.source, *column.target, pair);
		const long lowest = audit::Contains(column.source->type, "unsigned") ? 0 : -highest;
		std::set<long> values = {0};
		for (const long number : numbers)
			values.insert({number - 1, number, number + 1});
		for (const long value : values)
			if (value >= lowest && value <= highest)
				column.values.push_back(std::to_string(value));
		columns_.push_back(column);
		return highest != 0;
	}

	size_t Count() const {
		size_t count = 1;
		for (const SampledColumn &column : columns_)
			count = std::min(count * column.values.size(), kMostSamples + 1);
		return count;
	}

	bool KnowsColumnsOf(const AuditCheck &check) const {
		return std::all_of(check.columns.begin(), check.columns.end(), [this](const std::string &name) {
			return std::any_of(columns_.begin(), columns_.end(),
							   [&](const SampledColumn &column) { return column.target->name == name; });
		});
	}

	void Write(const AuditCheck &check, const AuditCheck &other, AuditCheckQuestion &question) const {
		std::string mysql, postgres;
		for (size_t n = 0; n < Count(); ++n) {
			mysql += std::string(n == 0 ? "SELECT " : " UNION ALL SELECT ") + std::to_string(n) + " AS " + kOrdinal;
			postgres += std::string(n == 0 ? "SELECT " : " UNION ALL SELECT ") + std::to_string(n) + " AS " + kOrdinal;
			std::string &sample = question.samples.emplace_back();
			size_t rest = n;
			for (const SampledColumn &column : columns_) {
				const std::string &value = column.values[rest % column.values.size()];
				rest /= column.values.size();
				mysql += ", " + value + " AS " + Quoted(column.source->name, '`');
				postgres += ", CAST(" + value + " AS pg_catalog." + Plain(column.target->type) + ") AS " +
							Quoted(column.target->name, '"');
				sample += (sample.empty() ? "" : ", ") + column.source->name + " is " + value;
			}
		}
		const std::string end = std::string(" ORDER BY ") + kOrdinal;
		question.mysql = "SELECT (" + check.text + ") IS FALSE FROM (" + mysql + ") t" + end;
		question.postgres = "SELECT (" + other.text + ") IS FALSE FROM (" + postgres + ") t" + end;
	}

	static std::string Plain(const std::string &type) {
		return type == "smallint" ? "int2" : type == "integer" ? "int4" : type == "bigint" ? "int8" : "numeric";
	}
};

} // namespace

std::vector<AuditCheckQuestion> MakeCheckQuestions(const AuditSource &source, const AuditTarget &target,
												   const AuditPair &pair) {
	std::vector<AuditCheckQuestion> questions;
	for (const AuditCheck &check : source.checks)
		for (size_t i = 0; i < target.checks.size(); ++i) {
			AuditCheckQuestion question;
			question.check = i;
			if (target.checks[i].name == check.name &&
				Question(source, target, pair).Ask(check, target.checks[i], question))
				questions.push_back(std::move(question));
		}
	return questions;
}

void SetCheckAnswers(const AuditCheckQuestion &question, const TextRows &source, const TextRows &target,
					 AuditTarget &table) {
	const size_t count = question.samples.size();
	if (source.size() != count || target.size() != count)
		throw UnexpectedAnswer("the samples of a check", "it has another number of rows");
	for (size_t i = 0; i < count; ++i)
		if ((source[i].front() == "1") != (target[i].front() == "t")) {
			table.checks[question.check].contradicted = question.samples[i];
			return;
		}
}

} // namespace alkconv::core
