// Regime: C++ (may throw, never calls Postgres)
//
// The columns of one table: who is paired with whom, under which policy, and what the DBA should know about it.
#include "core/plan_table.hpp"

#include "core/default_type.hpp"
#include "core/mend.hpp"
#include "core/plan_names.hpp"
#include "core/plan_rules.hpp"
#include "core/secret_columns.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace alkconv::core {

namespace {

bool IsCharacter(MySqlKind kind) noexcept {
	return kind == MySqlKind::char_ || kind == MySqlKind::varchar || kind == MySqlKind::text;
}

bool IsText(PgKind kind) noexcept {
	return kind == PgKind::text || kind == PgKind::varchar || kind == PgKind::bpchar || kind == PgKind::name;
}

// "timestamp(6) without time zone" to "timestamp without time zone".
std::string WithoutModifier(const std::string &type) {
	const size_t open = type.find('(');
	const size_t close = type.find(')');
	return open == std::string::npos || close == std::string::npos ? type
																   : type.substr(0, open) + type.substr(close + 1);
}

void Append(std::string &list, const std::string &text) {
	if (!text.empty())
		list += (list.empty() ? "" : "; ") + text;
}

std::string ColumnName(const SourceTable &table, const std::string &column) {
	return Quoted(table.name) + "." + Quoted(column);
}

// The rule that gives a column another name in the target.
void NoteRename(const SourceTable &source, const SourceColumn &column, const RuleSet &rules, ColumnPlan &plan) {
	if (const Rule *rule = rules.Find(RuleAction::rename_column, source.name, column.name))
		Append(plan.rule, RuleText(*rule));
}

void MarkSecret(const SourceSchema &schema, const SourceTable &source, const RuleSet &rules, ColumnPlan &plan) {
	plan.secret = SecretSaltOf(schema, rules, source, plan.source);
	if (!plan.secret.empty())
		Append(plan.note, "secret: messages show a hash in place of its values");
}

// What rules make of one column's values.
class PolicyMaker {
public:
	// `yields`: NOT NULL of the column is alkconv's to give, and gives way to rules that make nulls.
	PolicyMaker(const SourceTable &source, const SourceColumn &column, const TargetType &type, bool yields,
				const RuleSet &rules, ColumnPlan &plan)
		: source_(source), column_(column), stored_(type), yields_(yields), rules_(rules), plan_(plan) {}

	void Run() {
		if (const Rule *rule = rules_.Find(RuleAction::expression, source_.name, column_.name)) {
			plan_.policy.expression = rule->argument;
			plan_.policy.author = rule->author;
			plan_.computed = {rule->id, RuleText(*rule)};
			Append(plan_.rule, RuleText(*rule));
		}
		const std::vector<const Rule *> transforms = rules_.Transforms(source_.name, column_.name);
		for (const Rule *rule : transforms)
			is_bytes_ = is_bytes_ || StandsForBytes(ParseTransform(rule->argument));
		for (const Rule *rule : transforms)
			AddTransform(*rule, ParseTransform(rule->argument));
		if (empty_rule_ == nullptr)
			FindEmptyToNull();
		if (empty_rule_ != nullptr) {
			plan_.policy.empty_to_null = true;
			Count(*empty_rule_);
		}
	}

	// What wall times mean where no rule says it. Raises Error(zone_unknown).
	void FindZone() {
		if (plan_.policy.zone != nullptr || !NeedsZone(column_.type, Converted()))
			return;
		const WallTimes &wall_times = rules_.wall_times();
		plan_.policy.zone = ZoneOfPair(column_.type, Converted(), wall_times);
		NoteZone(wall_times.said);
		if (!plan_.policy.zone->is_utc() || column_.type.kind == MySqlKind::datetime)
			CountWallTimes({0, wall_times.said}, {TransformName::wall_time, plan_.policy.zone->name(), false});
	}

private:
	const SourceTable &source_;
	const SourceColumn &column_;
	const TargetType &stored_;
	const bool yields_;
	const RuleSet &rules_;
	ColumnPlan &plan_;
	bool is_bytes_ = false; // a transform takes the text for bytes
	const Rule *empty_rule_ = nullptr;

	const TargetType &Converted() const noexcept { return ConvertedType(stored_, plan_.policy); }

	// Patterns reach columns by accident, a rule that spells the column does not.
	bool SpellsColumn(const Rule &rule) const noexcept { return SpellsExactly(rule.column_pattern, column_.name); }

	bool StandsForBytes(const Transform &transform) const {
		return (transform.name == TransformName::inflate || transform.name == TransformName::code_points_to_base64 ||
				transform.name == TransformName::code_points_to_bytea) &&
			   MisfitOf(transform, column_.type, Converted()) == nullptr;
	}

	void Count(const Rule &rule) {
		plan_.counted.push_back({rule.id, RuleText(rule)});
		Append(plan_.rule, RuleText(rule));
	}

	void NoteZone(const std::string &said) {
		Append(plan_.note, (column_.type.kind == MySqlKind::timestamp ? "instants are stored as wall times of "
																	  : "wall times are taken for those of ") +
							   plan_.policy.zone->name() + (said.empty() ? "" : " (" + said + ")"));
	}

	// All of them, and those that a change of the clock makes doubtful.
	void CountWallTimes(const AppliedRule &rule, const Transform &transform) {
		plan_.policy.transforms.push_back(transform);
		plan_.counted.push_back(rule);
		plan_.counted.push_back({rule.id, rule.text + ", where clocks were set forward or back", true});
	}

	void AddWallTime(const Rule &rule, const Transform &transform) {
		WallTimeArgument wall_time;
		(void) ParseWallTime(transform.argument, wall_time);
		plan_.policy.zone = rules_.ZoneNamed(wall_time.zone);
		plan_.policy.clock_change = wall_time.choice;
		CountWallTimes({rule.id, RuleText(rule)}, transform);
		Append(plan_.rule, RuleText(rule));
		NoteZone("");
	}

	// What makes NULL of the empty string drops NOT NULL only where it spells the column: by pattern it is for columns that are nullable anyway,
	// and few of the others hold an empty string.
	bool RefusesNull(const Rule &rule, const std::string &name, bool of_empty) {
		if (!plan_.not_null || !plan_.policy.expression.empty())
			return false;
		if (yields_ && (SpellsColumn(rule) || !of_empty)) {
			plan_.not_null = false;
			return false;
		}
		if (SpellsColumn(rule))
			Append(plan_.note, "rule " + name + " is not applied: the target column is NOT NULL");
		return true;
	}

	void AddTransform(const Rule &rule, const Transform &transform) {
		const bool of_bytes = is_bytes_ && ChangesCharacters(transform.name);
		if (!SpellsColumn(rule) && (of_bytes || MisfitOf(transform, column_.type, Converted()) != nullptr))
			return;
		if (transform.name == TransformName::wall_time && column_.type.kind == MySqlKind::date && !SpellsColumn(rule))
			return; // a date is no wall time, unless somebody says so
		if (of_bytes) {
			Append(plan_.note,
				   "rule " + TransformText(transform) + " is not applied: another transform takes the text for bytes");
			return;
		}
		const bool of_empty = transform.name == TransformName::empty_to_null;
		if (GivesNull(transform) && RefusesNull(rule, TransformText(transform), of_empty))
			return;
		if (transform.Is("reject")) {
			Append(plan_.rule, RuleText(rule));
		} else if (of_empty && MisfitOf(transform, column_.type, Converted()) == nullptr) {
			empty_rule_ = &rule;
		} else if (transform.name == TransformName::wall_time) {
			AddWallTime(rule, transform);
		} else if (transform.name == TransformName::parent_spelling) {
			// it is about keys, of which the columns know nothing: plan_keys.cpp
		} else {
			plan_.policy.transforms.push_back(transform);
			Count(rule);
		}
	}

	void FindEmptyToNull() {
		if (!IsCharacter(column_.type.kind))
			return;
		for (const Rule *rule : rules_.FindAll(RuleAction::empty_to_null, source_.name, column_.name)) {
			const bool other_type = !rule->argument.empty() && rule->argument != stored_.text &&
									rule->argument != WithoutModifier(stored_.text);
			if (other_type || RefusesNull(*rule, "empty_to_null", true))
				continue;
			empty_rule_ = rule;
			return;
		}
	}
};

void ApplyRules(const SourceTable &source, const SourceColumn &column, const TargetType &type, bool yields,
				const RuleSet &rules, ColumnPlan &plan) {
	PolicyMaker maker(source, column, type, yields, rules, plan);
	maker.Run();
	maker.FindZone();
}

void NoteSourceAttributes(const SourceColumn &column, ColumnPlan &plan) {
	if (column.generated)
		Append(plan.note, "generated in the source, its values are copied");
}

// The highest value of an integer type; nothing for others.
std::optional<uint64_t> HighestOf(PgKind kind) noexcept {
	switch (kind) {
	case PgKind::int2: return std::numeric_limits<int16_t>::max();
	case PgKind::int4: return std::numeric_limits<int32_t>::max();
	case PgKind::int8: return std::numeric_limits<int64_t>::max();
	default: return std::nullopt;
	}
}

// A counter at its end is no fault of the rows; the next INSERT fails, as it does in the source.
void NoteCounter(const SourceTable &source, const TargetType &type, ColumnPlan &plan) {
	const std::optional<uint64_t> highest = HighestOf(type.kind);
	if (!highest)
		Append(plan.note, "AUTO_INCREMENT is not carried over: an identity is an integer, not " + type.text +
							  "; INSERTs must say the value, or the column needs a default of its own");
	else if (source.auto_increment >= *highest)
		Append(plan.note, "AUTO_INCREMENT stands at " + std::to_string(source.auto_increment) + ", the end of " +
							  type.stored() + ": the sequence will be used up");
}

void NoteDifferences(const SourceTable &source, const SourceColumn &column, const TargetColumn &target, NameLevel level,
					 ColumnPlan &plan) {
	if (level != NameLevel::exact)
		Append(plan.note, "the target is spelled " + Quoted(target.name));
	if (column.nullable && target.not_null)
		Append(plan.note, "nullable in the source, NOT NULL in the target");
	NoteSourceAttributes(column, plan);
	if (column.on_update_now)
		Append(plan.note, "ON UPDATE CURRENT_TIMESTAMP is not carried over");
	if (column.auto_increment && target.sequence_oid == 0 && !target.identity)
		Append(plan.note, "AUTO_INCREMENT in the source, no sequence in the target");
	else if (column.auto_increment && HighestOf(target.type.kind))
		NoteCounter(source, target.type, plan);
	if (IsCharacter(column.type.kind) && target.type.length >= 0 && IsText(target.type.kind) &&
		static_cast<uint64_t>(target.type.length) < column.type.length)
		Append(plan.note, "the target holds fewer characters than the source");
	if (column.type.HasDeclaredDigits() && (target.type.kind == PgKind::float4 || target.type.kind == PgKind::float8))
		Append(plan.note, "the source displays " + std::to_string(column.type.scale) +
							  " digits after the point, the target all that the number has");
}

void NoteTable(const SourceTable &source, TablePlan &table) {
	if (!IsTransactional(source.engine))
		table.notes.push_back("engine " + source.engine +
							  " has no transactions: its rows are not part of the snapshot");
	if (table.key.empty())
		table.notes.push_back("no key identifies a row: rows are told apart by all their values");
}

// The first key of the source whose columns are all copied.
void SetKey(const SourceTable &source, TablePlan &table) {
	for (const std::vector<size_t> &identity : source.RowIdentities()) {
		std::vector<size_t> key;
		for (const size_t column : identity)
			for (size_t i = 0; i < table.columns.size(); i++)
				if (table.columns[i].source == column)
					key.push_back(i);
		if (key.size() == identity.size()) {
			table.key = std::move(key);
			return;
		}
	}
}

// Everything that rules and conversion may refuse becomes a problem that names the column. Says whether there is none.
template <typename Function>
bool AsProblem(const SourceTable &source, const SourceColumn &column, std::vector<PlanProblem> &problems,
			   Function function) {
	try {
		function();
		return true;
	} catch (const Error &error) {
		problems.push_back(
			{error.code(), source.name, column.name,
			 "column " + ColumnName(source, column.name) + ": " + error.message() +
				 (error.detail().empty() ? "" : " (" + error.detail() + ")"),
			 error.hint().empty()
				 ? "Leave it in the source with a rule (action skip_column), or change the target's type."
				 : error.hint()});
		return false;
	}
}

// The work of PlanExistingTable.
class ColumnPlanner {
public:
	ColumnPlanner(const PlannedSource &source, const TargetTable &target, bool created, const RuleSet &rules,
				  TablePlan &table, std::vector<PlanProblem> &problems)
		: schema_(source.schema), source_(source.table), wanted_(source.names.columns), target_(target),
		  created_(created), rules_(rules), table_(table), problems_(problems), filled_(target.columns.size()) {}

	void Run() {
		SelectColumns();
		const std::vector<NameMatch> matches = MatchNames(names_, TargetNames());
		for (size_t i = 0; i < selected_.size(); i++)
			PlanColumn(source_.columns[selected_[i]], selected_[i], matches[i]);
		for (size_t t = 0; t < target_.columns.size(); t++)
			if (!filled_[t])
				PlanTargetOnly(target_.columns[t]);
		SetKey(source_, table_);
		NoteUniqueCollations(schema_, source_, table_);
		NoteTable(source_, table_);
	}

private:
	const SourceSchema &schema_;
	const SourceTable &source_;
	const std::vector<std::string> &wanted_; // names of the target's choice, by source column
	const TargetTable &target_;
	const bool created_;
	const RuleSet &rules_;
	TablePlan &table_;
	std::vector<PlanProblem> &problems_;
	std::vector<size_t> selected_;	 // source columns that no rule skips
	std::vector<std::string> names_; // theirs in the target, where that has them
	std::vector<bool> filled_;		 // by target column: a source column is paired with it, or could be

	void SelectColumns() {
		for (size_t c = 0; c < source_.columns.size(); c++) {
			const SourceColumn &column = source_.columns[c];
			if (const Rule *rule = rules_.Find(RuleAction::skip_column, source_.name, column.name)) {
				table_.omitted.push_back({column.name, false, "rule " + RuleText(*rule), RuleText(*rule)});
				continue;
			}
			selected_.push_back(c);
			names_.push_back(wanted_[c]);
		}
	}

	std::vector<std::string> TargetNames() const {
		std::vector<std::string> names;
		for (const TargetColumn &column : target_.columns)
			names.push_back(column.name);
		return names;
	}

	std::string TargetTableName() const { return Quoted(target_.schema) + "." + Quoted(target_.name); }

	void PlanColumn(const SourceColumn &column, size_t position, const NameMatch &match) {
		if (match.ambiguous()) {
			ReportAmbiguous(column, match);
			return;
		}
		if (!match.target) {
			if (column.generated) {
				table_.omitted.push_back({column.name, false, "generated by the source", ""});
				return;
			}
			problems_.push_back(
				{Code::missing_target, source_.name, column.name,
				 "source column " + ColumnName(source_, column.name) + " has no column in target table " +
					 TargetTableName(),
				 "Leave it in the source with a rule (action skip_column), or add the column to the target."});
			return;
		}
		filled_[*match.target] = true;
		const TargetColumn &target = target_.columns[*match.target];
		if (target.generated) {
			PlanGeneratedTarget(column, target);
			if (created_ && column.generated)
				AddGenerated(column, position, target);
			return;
		}
		ColumnPlan plan = PairOf(column, position, target);
		NoteRename(source_, column, rules_, plan);
		MarkSecret(schema_, source_, rules_, plan);
		const bool ruled = AsProblem(source_, column, problems_,
									 [&] { ApplyRules(source_, column, target.type, false, rules_, plan); });
		NoteDifferences(source_, column, target, match.level, plan);
		if (ruled)
			Convert(column, plan);
		table_.columns.push_back(std::move(plan));
	}

	void AddGenerated(const SourceColumn &column, size_t position, const TargetColumn &target) {
		GeneratedColumn &generated = table_.generated.emplace_back();
		generated.column = PairOf(column, position, target);
		MarkSecret(schema_, source_, rules_, generated.column);
		Convert(column, generated.column);
	}

	static ColumnPlan PairOf(const SourceColumn &column, size_t position, const TargetColumn &target) {
		ColumnPlan plan;
		plan.source = position;
		plan.source_name = column.name;
		plan.target_name = target.name;
		plan.attnum = target.attnum;
		plan.source_type = column.type;
		plan.target_type = target.type;
		plan.not_null = target.not_null;
		return plan;
	}

	void Convert(const SourceColumn &column, ColumnPlan &plan) {
		AsProblem(source_, column, problems_,
				  [&] { plan.conversion = ChooseConversion(plan.source_type, plan.target_type, plan.policy); });
	}

	void PlanGeneratedTarget(const SourceColumn &column, const TargetColumn &target) {
		if (column.generated) {
			table_.omitted.push_back({column.name, false, "generated by the source", "", true});
			table_.omitted.push_back({target.name, true, "generated by the target", "", true});
			return;
		}
		problems_.push_back({Code::unsupported, source_.name, column.name,
							 "target column " + Quoted(target.name) + " of " + TargetTableName() +
								 " is generated, so the values of " + ColumnName(source_, column.name) +
								 " cannot be stored in it",
							 "Leave them in the source with a rule (action skip_column), or drop the expression of the "
							 "target column."});
	}

	// What the account may not see does not exist in the source's catalog.
	bool MayBeHidden(const TargetColumn &column) const {
		return !created_ && !schema_.sight.SeesAllColumns(source_.name) &&
			   rules_.Find(RuleAction::skip_column, source_.name, column.name) == nullptr;
	}

	void PlanTargetOnly(const TargetColumn &column) {
		if (column.generated) {
			table_.omitted.push_back({column.name, true, "generated by the target", "", true});
		} else if (MayBeHidden(column)) {
			problems_.push_back(
				{Code::source_privilege, source_.name, column.name,
				 "target column " + Quoted(column.name) + " of " + TargetTableName() +
					 " would get nothing, and columns of source table " + Quoted(source_.name) +
					 " may be hidden from the account",
				 "Grant the account SELECT on the whole table. Where the source has no such column, say so with "
				 "a rule (action skip_column)."});
		} else if (column.has_default) {
			table_.omitted.push_back({column.name, true, "keeps its default", ""});
		} else if (target_.filled_by_trigger && column.not_null) {
			table_.omitted.push_back({column.name, true, "NOT NULL: a trigger on INSERT has to fill it", ""});
		} else if (!column.not_null) {
			table_.omitted.push_back({column.name, true, "NULL: not in the source", ""});
		} else {
			problems_.push_back(
				{Code::not_null_without_source, source_.name, column.name,
				 "target column " + Quoted(column.name) + " of " + TargetTableName() +
					 " is NOT NULL, has no default and no source column",
				 "Give the column a default, allow NULL, or rename it as the source column that it belongs to."});
		}
	}

	void ReportAmbiguous(const SourceColumn &column, const NameMatch &match) {
		std::string candidates, competitors;
		for (const size_t t : match.candidates) {
			filled_[t] = true;
			candidates += (candidates.empty() ? "" : ", ") + Quoted(target_.columns[t].name);
		}
		for (const size_t s : match.competitors)
			competitors += (competitors.empty() ? "" : ", ") + Quoted(names_[s]);
		problems_.push_back({Code::ambiguous_name, source_.name, column.name,
							 "source column " + ColumnName(source_, column.name) + " could be " + candidates +
								 " of target table " + TargetTableName() +
								 (competitors.empty() ? "" : ", and so could " + competitors),
							 "Rename a target column so that it is spelled exactly as its source, or skip the columns "
							 "that are not meant."});
	}
};

// The work of PlanNewTable.
class NewTablePlanner {
public:
	NewTablePlanner(const PlannedSource &source, const TargetSchema &target, const RuleSet &rules, TablePlan &table,
					std::vector<PlanProblem> &problems)
		: schema_(source.schema), source_(source.table), names_(source.names), target_(target), rules_(rules),
		  table_(table), problems_(problems) {}

	void Run() {
		if (const Rule *rule = rules_.Find(RuleAction::flatten, source_.name)) {
			table_.flatten = true;
			Append(table_.rule, RuleText(*rule));
		}
		std::vector<ColumnPlan> computed; // generated by the source
		for (size_t c = 0; c < source_.columns.size(); c++)
			PlanColumn(c, computed);
		PlanGenerated(computed);
		LimitColumns();
		if (!freed_.empty())
			table_.notes.push_back("NOT NULL is dropped, since rules make NULL of values: " + freed_);
		if (source_.system_versioned)
			table_.notes.push_back("system-versioned: its present rows are copied, its history is not");
		SetKey(source_, table_);
		NoteUniqueCollations(schema_, source_, table_);
		NoteTable(source_, table_);
	}

private:
	const SourceSchema &schema_;
	const SourceTable &source_;
	const TargetNames::Table &names_;
	const TargetSchema &target_;
	const RuleSet &rules_;
	TablePlan &table_;
	std::vector<PlanProblem> &problems_;
	std::string freed_; // columns whose NOT NULL gives way to a rule

	void PlanColumn(size_t c, std::vector<ColumnPlan> &computed) {
		const SourceColumn &column = source_.columns[c];
		if (const Rule *rule = rules_.Find(RuleAction::skip_column, source_.name, column.name)) {
			table_.omitted.push_back({column.name, false, "rule " + RuleText(*rule), RuleText(*rule)});
			return;
		}
		ColumnPlan plan;
		plan.source = c;
		plan.source_name = column.name;
		plan.target_name = names_.columns[c];
		NoteRename(source_, column, rules_, plan);
		MarkSecret(schema_, source_, rules_, plan);
		if (plan.target_name != column.name && plan.rule.empty())
			Append(plan.note, "the target is spelled " + Quoted(plan.target_name));
		plan.source_type = column.type;
		const bool of_history = IsRowStart(column) || IsRowEnd(column);
		plan.not_null = !column.nullable && !of_history;
		const std::string renamed = plan.rule;
		ChooseType(column, c, plan);
		const bool yields = plan.not_null && MayBeNull({schema_, source_, rules_}, c);
		AsProblem(source_, column, problems_,
				  [&] { ApplyRules(source_, column, plan.target_type, yields, rules_, plan); });
		if (yields && OrphansBecomeNull({schema_, source_, rules_}, c))
			plan.not_null = false;
		if (yields && !plan.not_null)
			freed_ += (freed_.empty() ? "" : ", ") + Quoted(plan.target_name);
		if (column.auto_increment)
			NoteCounter(source_, plan.target_type, plan);
		if (of_history)
			Append(plan.note, "it says how long a row is present in the source, nothing fills it here");
		if (column.generated && plan.rule == renamed && !of_history)
			computed.push_back(std::move(plan)); // a rule about its values makes it a plain one
		else
			AddPlain(column, std::move(plan));
	}

	void ChooseType(const SourceColumn &column, size_t c, ColumnPlan &plan) {
		if (const Rule *rule = rules_.Find(RuleAction::collation, source_.name, column.name)) {
			plan.collation = rule->argument;
			Append(plan.rule, RuleText(*rule));
		}
		if (const Rule *rule = rules_.Find(RuleAction::target_type, source_.name, column.name)) {
			plan.target_type = NamedTarget(rule->argument, target_.postgis);
			Append(plan.rule, RuleText(*rule));
			return;
		}
		if (IsBooleanByRule({schema_, source_, rules_}, c)) {
			plan.target_type = NamedTarget("boolean");
			return;
		}
		AsProblem(source_, column, problems_, [&] { plan.target_type = DefaultTarget(column, target_.postgis); });
		if (plan.target_type.kind == PgKind::enum_)
			plan.target_type.text = Quoted(target_.name) + "." + Quoted(names_.enum_types[c]);
	}

	// MySQL's tables have up to 4096 columns.
	void LimitColumns() {
		const size_t columns = table_.columns.size() + table_.generated.size();
		if (columns > kMaxColumns)
			problems_.push_back({Code::too_many_columns, source_.name, "",
								 "table " + Quoted(source_.name) + " has " + std::to_string(columns) +
									 " columns, and a table of Postgres has at most " + std::to_string(kMaxColumns),
								 "Leave the table in the source with a rule (action exclude), or " +
									 std::to_string(columns - kMaxColumns) +
									 " or more of its columns with rules (action skip_column), and bring these over by "
									 "a view of the source that holds the key and the other columns."});
	}

	void AddPlain(const SourceColumn &column, ColumnPlan plan) {
		NoteSourceAttributes(column, plan);
		table_.columns.push_back(std::move(plan));
	}

	// Whether a foreign key says which type the column has.
	bool IsTied(size_t position) const {
		for (const SourceForeignKey &key : source_.foreign_keys)
			if (std::find(key.columns.begin(), key.columns.end(), position) != key.columns.end())
				return true;
		for (const SourceTable &child : schema_.tables)
			for (const SourceForeignKey &key : child.foreign_keys)
				if (key.parent_table == source_.name &&
					std::find(key.parent_columns.begin(), key.parent_columns.end(), source_.columns[position].name) !=
						key.parent_columns.end())
					return true;
		return false;
	}

	// The rows hold 0 and 1 only, the expression may give other numbers: then the column is what it is declared to be.
	static Translation AsNumber(const SourceColumn &column, const ExpressionScope &scope, ColumnPlan &plan) {
		const TargetType number = DefaultTarget(column.type);
		Translation translation = TranslateGenerated(column, number.text, scope);
		if (translation.known()) {
			plan.target_type = number;
			Append(plan.note, "not boolean: its expression may give other numbers than 0 and 1");
		}
		return translation;
	}

	// Postgres computes what is translated; MySQL's values of the others are copied. A generated column of Postgres sees no other one.
	void PlanGenerated(std::vector<ColumnPlan> &computed) {
		ExpressionScope scope = ScopeOf(schema_, table_.columns);
		for (size_t i = 0; i < scope.columns.size(); i++)
			scope.columns[i].unfit = ChangeByRule({schema_, source_, rules_}, table_.columns[i]);
		for (ColumnPlan &plan : computed) {
			const SourceColumn &column = source_.columns[plan.source];
			Translation translation = TranslateGenerated(column, plan.target_type.text, scope);
			if (!translation.known() && plan.target_type.kind == PgKind::boolean && !IsTied(plan.source))
				translation = AsNumber(column, scope, plan);
			if (!column.refuted.empty())
				translation.refusal = column.refuted;
			if (translation.known()) {
				table_.generated.push_back({std::move(plan), std::move(translation.sql)});
			} else {
				Append(plan.note, "its expression is not translated (" + translation.refusal + ")");
				AddPlain(column, std::move(plan));
			}
		}
		std::sort(table_.columns.begin(), table_.columns.end(),
				  [](const ColumnPlan &a, const ColumnPlan &b) { return a.source < b.source; });
	}
};

} // namespace

bool IsTransactional(const std::string &engine) {
	static constexpr const char *kTransactional[] = {"InnoDB", "ROCKSDB", "ndbcluster"};
	return engine.empty() || std::any_of(std::begin(kTransactional), std::end(kTransactional),
										 [&](const char *known) { return engine == known; });
}

ExpressionScope ScopeOf(const SourceSchema &schema, const std::vector<ColumnPlan> &columns) {
	ExpressionScope scope;
	scope.mariadb = schema.mariadb;
	for (const ColumnPlan &column : columns)
		scope.columns.push_back(
			{column.source_name, column.target_name, column.target_type.text, column.source_type, ""});
	return scope;
}

std::string Quoted(std::string_view name) {
	std::string quoted = "\"";
	for (const char c : name) {
		if (c == '"')
			quoted += '"';
		quoted += c;
	}
	return quoted + '"';
}

void PlanExistingTable(const PlannedSource &source, const TargetTable &target, bool created, const RuleSet &rules,
					   TablePlan &table, std::vector<PlanProblem> &problems) {
	ColumnPlanner(source, target, created, rules, table, problems).Run();
}

void PlanNewTable(const PlannedSource &source, const TargetSchema &target, const RuleSet &rules, TablePlan &table,
				  std::vector<PlanProblem> &problems) {
	NewTablePlanner(source, target, rules, table, problems).Run();
}

TablePlan PlanOfGenerated(const TablePlan &table) {
	TablePlan plan;
	plan.source = table.source;
	plan.source_name = table.source_name;
	plan.target_name = table.target_name;
	plan.target_oid = table.target_oid;
	plan.source_filter = table.source_filter;
	for (const size_t position : table.key) {
		plan.key.push_back(plan.columns.size());
		plan.columns.push_back(table.columns[position]);
	}
	if (table.key.empty())
		plan.columns = table.columns;
	for (const GeneratedColumn &generated : table.generated)
		plan.columns.push_back(generated.column);
	return plan;
}

} // namespace alkconv::core
