// Regime: C++ (may throw, never calls Postgres)
//
// From conditions to questions with keys, samples and remedies; two queries a table.
#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/preflight.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_remedy.hpp"
#include "core/preflight_ties.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace alkconv::core {

namespace {

namespace my = digest::mysql;

// Questions about one column.
class ColumnQuestions {
public:
	ColumnQuestions(const SourceTable &source, const TablePlan &table, const ColumnPlan &column,
					const PreflightScope &scope, std::vector<ValueQuestion> &questions)
		: source_(source), table_(table), column_(column), scope_(scope), questions_(questions),
		  x_(RuledOperand(column, scope.mariadb)) {}

	void Ask() {
		const ColumnConditions conditions = FaultConditions(column_, scope_.mariadb);
		for (const ValueCondition &fault : conditions.faults)
			AskFault(fault);
		for (const ValueCondition &fault : conditions.settled)
			Add(Severity::info, fault.check, fault.sql, NothingToDo());
		for (const ValueDoubt &doubt : conditions.doubts)
			Add(Severity::info, "not_checked_ahead", doubt.sql,
				std::string("Not known before the run: ") + doubt.what + ".");
		AskNulls();
		AskEmptyToNull(conditions);
		AskCompressed();
		AskDoubleEncoded();
		AskJsonLimits();
	}

private:
	const SourceTable &source_;
	const TablePlan &table_;
	const ColumnPlan &column_;
	const PreflightScope &scope_;
	std::vector<ValueQuestion> &questions_;
	const std::string x_;

	ValueQuestion &Add(Severity severity, const char *check, std::string condition, std::string remedy) {
		ValueQuestion question;
		question.finding.severity = severity;
		question.finding.table = table_.source_name;
		question.finding.column = column_.source_name;
		question.finding.check = check;
		question.finding.remedy = std::move(remedy);
		question.condition = std::move(condition);
		question.sample = ShownValue(column_);
		return questions_.emplace_back(std::move(question));
	}

	void AskFault(const ValueCondition &fault) {
		const Suggestion suggestion =
			SuggestRule(fault, column_, TiesOfColumn(scope_.ties, table_.source_name, column_.source_name));
		std::string remedy = RemedyFor(fault, column_) + WhyNoRule(suggestion.tied);
		if (!suggestion.gap.empty())
			remedy += " Where a value can stand for it, say which: " + RuleTemplate(scope_.binding, table_.source_name,
																					column_.source_name,
																					suggestion.action, suggestion.gap);
		ValueQuestion &question = Add(Severity::error, fault.check, fault.sql, std::move(remedy));
		question.finding.beside = suggestion.beside;
		if (!suggestion.action.empty() && suggestion.gap.empty())
			question.finding.rule = RuleStatement(scope_.binding, table_.source_name, column_.source_name,
												  suggestion.action, suggestion.argument);
	}

	void AskNulls() {
		if (!column_.not_null || !column_.policy.expression.empty() || !source_.columns[column_.source].nullable)
			return;
		AskFault({"null_for_not_null", Code::null_for_not_null, SourceOperand(column_) + " IS NULL"});
	}

	// Where the target would take it, too, the rule is not because of a fault.
	void AskEmptyToNull(const ColumnConditions &conditions) {
		const bool refused =
			std::any_of(conditions.settled.begin(), conditions.settled.end(), [](const ValueCondition &c) {
				return c.code == Code::empty_uuid || c.code == Code::invalid_text;
			});
		if (column_.policy.empty_to_null && !refused)
			Add(Severity::info, "empty_text", "LENGTH(" + SourceOperand(column_) + ")=0", NothingToDo());
	}

	std::string NothingToDo() const { return "Nothing to do: the rule " + column_.rule + " settles it."; }

	bool IsBytesByRule() const {
		return HasTransform(column_.policy, TransformName::code_points_to_base64) ||
			   HasTransform(column_.policy, TransformName::code_points_to_bytea) ||
			   HasTransform(column_.policy, TransformName::inflate);
	}

	bool IsUtf8() const { return column_.source_type.charset == "utf8mb4"; }

	// A first look that converts nothing: whether the first byte is one of these.
	std::string BeginsWith(const char *bytes) const {
		return IsUtf8() ? "ASCII(" + x_ + ") IN (" + bytes + ") AND " : "";
	}

	// zlib and gzip streams kept as text: one character for each byte, or base64.
	void AskCompressed() {
		if (FamilyOf(column_.source_type.kind) != Family::text || !IsTextTarget(column_.target_type.kind) ||
			IsBytesByRule())
			return;
		const std::string bytes = Utf8Bytes(x_, column_.source_type);
		const std::string head = "LEFT(" + bytes + ",3)";
		Add(Severity::warning, "compressed_text",
			BeginsWith("31,120") + "(LEFT(" + bytes + ",2)=X'7801' OR " + head + " IN (X'78c29c',X'78c39a',X'1fc28b'))",
			"The values look like zlib or gzip streams with a character for each byte. What the application reads on "
			"Postgres decides: with base64 the transform code_points_to_base64, with bytes code_points_to_bytea, with "
			"what they hold inflate. It is about all values of the column.");
		if (column_.source_type.length >= 20)
			Add(Severity::info, "compressed_base64",
				BeginsWith("72,101") + "LENGTH(" + x_ + ")>=16 AND (LEFT(" + bytes +
					",3) IN (X'654a77',X'654e6f',X'654146') OR LEFT(" + bytes + ",4)=X'48347349') AND " + bytes +
					" NOT RLIKE X'5b5e412d5a612d7a302d392b2f3d0d0a5d'",
				"The values look like base64 of zlib or gzip streams. They are copied as they are.");
	}

	// A string, and the children of an array or object together, have 28 bits for their length.
	void AskJsonLimits() {
		if (column_.target_type.kind != PgKind::jsonb || !MayBeLong(column_.source_type))
			return;
		const std::string text = column_.source_type.kind == MySqlKind::json && !scope_.mariadb
									 ? my::AsChar(x_)
									 : Utf8Bytes(x_, column_.source_type);
		// a byte of MySQL's own form is six characters at most, and reading the document takes long
		const bool own = column_.source_type.kind == MySqlKind::json && !scope_.mariadb && x_ == SourceOperand(column_);
		Add(Severity::warning, "jsonb_limits",
			(own ? "JSON_STORAGE_SIZE(" + x_ + ")>33554431 AND " : "") + ("LENGTH(" + text + ")>268435455"),
			"A jsonb value may have 256 MB in each string, array and object. Change the target column to json, which "
			"has no such limit.");
	}

	static bool MayBeLong(const SourceType &type) noexcept {
		return type.kind == MySqlKind::json || type.length > 268435455;
	}

	// UTF-8 that was once taken for latin1 (cp1252) and encoded again.
	void AskDoubleEncoded() {
		if (FamilyOf(column_.source_type.kind) != Family::text || !IsTextTarget(column_.target_type.kind) ||
			IsBytesByRule() || HasTransform(column_.policy, TransformName::utf8_in_latin1_repair))
			return;
		const std::string text = my::Characters(x_, column_.source_type);
		const std::string latin = "CAST(CONVERT(" + text + " USING latin1) AS BINARY)";
		const std::string back = "CAST(CONVERT(CONVERT(" + text + " USING latin1) USING utf8mb4) AS BINARY)";
		const std::string bytes = Utf8Bytes(x_, column_.source_type);
		ValueQuestion &question =
			Add(Severity::warning, "double_encoding",
				"IF(LENGTH(" + (IsUtf8() ? x_ : bytes) + ")=CHAR_LENGTH(" + x_ + "),FALSE," + back + "=" + bytes +
					" AND CAST(CONVERT(" + latin + " USING utf8mb4) AS BINARY)=" + latin + ")",
				"The values look like UTF-8 that was stored through a latin1 connection (Ã© for é). The transform "
				"utf8_in_latin1_repair undoes that.");
		const std::string &tied = TiesOfColumn(scope_.ties, table_.source_name, column_.source_name).values;
		question.finding.remedy += WhyNoRule(tied);
		if (tied.empty())
			question.finding.rule = RuleStatement(scope_.binding, table_.source_name, column_.source_name, "transform",
												  "utf8_in_latin1_repair");
	}
};

} // namespace

const char *SeverityName(Severity severity) noexcept {
	switch (severity) {
	case Severity::error: return "error";
	case Severity::warning: return "warning";
	case Severity::info: break;
	}
	return "info";
}

void SortFindings(std::vector<Finding> &findings) {
	const auto rank = [](const Finding &f) {
		return std::tie(f.severity, f.table, f.column, f.check, f.remedy, f.sample_key);
	};
	std::stable_sort(findings.begin(), findings.end(),
					 [&](const Finding &a, const Finding &b) { return rank(a) < rank(b); });
}

TableQuestions AskAboutValues(const SourceTable &source, const TablePlan &table, const std::string &from,
							  const PreflightScope &scope) {
	TableQuestions questions;
	questions.table = table.source_name;
	questions.from = from;
	questions.filter = table.source_filter;
	questions.key = KeyOf(source, table);
	for (const ColumnPlan &column : table.columns)
		ColumnQuestions(source, table, column, scope, questions.questions).Ask();
	return questions;
}

std::vector<Finding> NotesAboutValues(const TablePlan &table, const PreflightScope &scope) {
	std::vector<Finding> findings;
	for (const ColumnPlan &column : table.columns) {
		const std::string unchecked = FaultConditions(column, scope.mariadb).unchecked;
		if (unchecked.empty())
			continue;
		Finding finding;
		finding.severity = Severity::info;
		finding.table = table.source_name;
		finding.column = column.source_name;
		finding.check = "not_checked_ahead";
		finding.remedy = "Not known before the run: " + unchecked + " (" + column.source_type.text + " to " +
						 column.target_type.text + ").";
		findings.push_back(std::move(finding));
	}
	return findings;
}

std::string AnyQuery(const TableQuestions &table) {
	std::string any;
	for (const ValueQuestion &question : table.questions)
		any += (any.empty() ? "" : " OR ") + ("(" + question.condition + ")");
	return "SELECT EXISTS(SELECT 1 FROM " + table.from + " WHERE (" + any + ")" +
		   (table.filter.empty() ? "" : " AND " + table.filter) + ")";
}

std::string CountQuery(const TableQuestions &table) {
	std::string list;
	for (const ValueQuestion &question : table.questions)
		list += (list.empty() ? "" : ",") + ("COUNT(CASE WHEN " + question.condition) + " THEN 1 END)";
	return "SELECT " + list + " FROM " + table.from + (table.filter.empty() ? "" : " WHERE " + table.filter);
}

std::string SampleQuery(const TableQuestions &table, const std::vector<size_t> &questions) {
	std::string list, any;
	for (const size_t i : questions) {
		const ValueQuestion &question = table.questions[i];
		list += (list.empty() ? "" : ",") + ("MIN(CASE WHEN " + question.condition) + " THEN " +
				SampleExpression(table.key, question.sample) + " END)";
		any += (any.empty() ? "" : " OR ") + ("(" + question.condition + ")");
	}
	return "SELECT " + list + " FROM " + table.from + " WHERE " +
		   (table.filter.empty() ? any : "(" + any + ") AND " + table.filter);
}

} // namespace alkconv::core
