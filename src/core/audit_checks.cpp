// Regime: C++ (may throw, never calls Postgres)
//
// CHECKs, and those that stand for the labels of sets and of enums that became text. Each condition has one over
// columns of its own, which answers the same of a few samples (audit_check_values.hpp); what others say is proved when
// they are translated, by their values on synthetic rows.
#include "core/audit_parts.hpp"

#include <algorithm>

namespace alkconv::core::audit {

namespace {

// The columns that a condition of the source names, as they are called in the target: names stand in backticks.
std::vector<std::string> ColumnsOf(const Table &table, const std::string &clause) {
	std::vector<std::string> columns;
	for (size_t i = 0; i < clause.size(); ++i) {
		if (clause[i] != '`')
			continue;
		std::string name;
		for (++i; i < clause.size(); ++i) {
			if (clause[i] == '`' && clause.compare(i, 2, "``") != 0)
				break;
			i += clause[i] == '`' ? 1 : 0;
			name += clause[i];
		}
		if (const AuditColumnPair *column = table.PairOf(name))
			columns.push_back(column->target);
	}
	return columns;
}

bool Has(const std::vector<std::string> &list, const std::string &one) {
	return std::find(list.begin(), list.end(), one) != list.end();
}

class Comparison {
public:
	explicit Comparison(const Table &table) : table_(table), used_(table.target.checks.size()) {}

	AuditResult Run() {
		for (const AuditSourceColumn &column : table_.source.columns)
			CompareLabels(column);
		CompareConditions();
		for (size_t i = 0; i < used_.size(); ++i)
			if (!used_[i])
				result_.differences.push_back(
					{"check " + table_.target.checks[i].name, "no such check", table_.target.checks[i].text, true});
		return std::move(result_);
	}

private:
	const Table &table_;
	std::vector<bool> used_;
	AuditResult result_ = {"checks", 0, {}};

	// What a set may hold, and what an enum may be that became text.
	void CompareLabels(const AuditSourceColumn &column) {
		const AuditColumnPair *pair = table_.PairOf(column.name);
		const AuditTargetColumn *target = pair == nullptr ? nullptr : table_.TargetColumn(pair->target);
		const bool checked = target != nullptr && ((column.kind == "set" && target->type == "text[]") ||
												   (column.kind == "enum" && target->type == "text"));
		if (!checked || table_.Note("check", column.name) != nullptr)
			return;
		++result_.compared;
		const std::vector<std::string> labels = Labels(column.type);
		size_t other = used_.size(); // of this column alone, with other labels
		for (size_t i = 0; i < used_.size(); ++i) {
			const AuditCheck &check = table_.target.checks[i];
			if (used_[i] || check.columns != std::vector<std::string>{target->name})
				continue;
			if (Literals(check.text) == labels && check.validated && check.enforced) {
				used_[i] = true;
				return;
			}
			other = i;
		}
		const bool has_other = other < used_.size();
		if (has_other)
			used_[other] = true;
		result_.differences.push_back({"labels of column " + target->name, column.type,
									   has_other ? table_.target.checks[other].text : "no such check"});
	}

	// MariaDB's json is a text with a CHECK, which the type of the target says.
	bool IsOfType(const AuditCheck &check) const {
		if (!table_.schema.mariadb)
			return false;
		return std::any_of(table_.pair.columns.begin(), table_.pair.columns.end(), [&](const AuditColumnPair &column) {
			const AuditSourceColumn *source = table_.SourceColumn(column.source);
			return source != nullptr && Contains(source->kind, "text") &&
				   Lower(check.text) == "json_valid(`" + Lower(column.source) + "`)";
		});
	}

	// Those of a name first, so that the others have what is left.
	void CompareConditions() {
		std::vector<const AuditCheck *> renamed;
		for (const AuditCheck &check : table_.source.checks) {
			const std::string *note = table_.Note("check", check.name);
			if (IsOfType(check) || (note != nullptr && StartsWith(*note, "not made: ")))
				continue;
			++result_.compared;
			if (!Find(check, true))
				renamed.push_back(&check);
		}
		for (const AuditCheck *check : renamed)
			if (!Find(*check, false))
				Miss(*check);
	}

	bool Find(const AuditCheck &check, bool by_name) {
		for (size_t i = 0; i < used_.size(); ++i) {
			const AuditCheck &other = table_.target.checks[i];
			if (used_[i] || (by_name && other.name != check.name) || !Fits(check, other))
				continue;
			used_[i] = true;
			if (!other.contradicted.empty())
				result_.differences.push_back(
					{"check " + check.name, check.text, other.text + ", another answer where " + other.contradicted});
			return true;
		}
		return false;
	}

	// A condition of valid JSON is true of every value that a type of JSON has.
	bool Fits(const AuditCheck &check, const AuditCheck &other) const {
		const std::vector<std::string> columns = ColumnsOf(table_, check.text);
		const bool may_be_invalid = !check.enforced || table_.IsNoted("check", check.name, "NOT VALID");
		return other.enforced == check.enforced && (other.validated || may_be_invalid) &&
			   (columns.empty() || !other.columns.empty() || Contains(Lower(check.text), "json_valid")) &&
			   std::all_of(other.columns.begin(), other.columns.end(),
						   [&](const std::string &column) { return Has(columns, column); });
	}

	void Miss(const AuditCheck &check) {
		for (size_t i = 0; i < used_.size(); ++i) {
			const AuditCheck &other = table_.target.checks[i];
			if (used_[i] || other.name != check.name)
				continue;
			used_[i] = true;
			result_.differences.push_back({"check " + check.name, check.text + (check.enforced ? "" : " NOT ENFORCED"),
										   other.text + (other.enforced ? "" : " NOT ENFORCED") +
											   (other.validated || !other.enforced ? "" : " NOT VALID")});
			return;
		}
		result_.differences.push_back({"check " + check.name, check.text, "no such check"});
	}
};

} // namespace

AuditResult CompareChecks(const Table &table) { return Comparison(table).Run(); }

} // namespace alkconv::core::audit
