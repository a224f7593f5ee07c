// Regime: C++ (may throw, never calls Postgres)
//
// Names are given in a fixed order: tables, columns, then what is made for them, table by table.
#include "core/target_names.hpp"

#include "core/key_groups.hpp"
#include "core/transforms.hpp"

#include <cstdint>
#include <map>
#include <set>

namespace alkconv::core {

namespace {

// 32 bits of FNV-1a over a text: stable for ever, nothing secret about it.
std::string HashSuffix(const std::string &text) {
	uint64_t hash = 14695981039346656037u;
	for (const char c : text)
		hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
	static constexpr char kDigits[] = "0123456789abcdef";
	std::string suffix = "_";
	for (int i = 0; i < 8; i++, hash >>= 4)
		suffix += kDigits[hash & 15];
	return suffix;
}

// At most `bytes` of a text, no character cut.
std::string Cut(const std::string &text, size_t bytes) {
	if (text.size() <= bytes)
		return text;
	while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
		bytes--;
	return text.substr(0, bytes);
}

// Names that may not be the same.
class Space {
public:
	explicit Space(std::set<std::string> reserved = {}) : taken_(std::move(reserved)) {}

	bool Has(const std::string &name) const { return taken_.count(name) > 0; }

	// `wanted`, or, where that is too long or taken, its beginning and a hash of it.
	std::string Take(const std::string &wanted) {
		std::string name = wanted;
		for (std::string text = wanted; name.size() > kMaxIdentifierBytes || !taken_.insert(name).second; text += '+') {
			const std::string suffix = HashSuffix(text);
			name = Cut(wanted, kMaxIdentifierBytes - suffix.size()) + suffix;
		}
		return name;
	}

private:
	std::set<std::string> taken_;
};

// No column can be called as one that every table has.
const std::set<std::string> kSystemColumns = {"tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"};

class Namer {
public:
	Namer(const SourceSchema &source, const RuleSet &rules, std::vector<TargetNames::Table> &tables,
		  std::vector<TargetNames::Rename> &renames)
		: source_(source), rules_(rules), tables_(tables), renames_(renames) {}

	void Run() {
		tables_.resize(source_.tables.size());
		for (const bool by_rule :
			 {true, false}) // what a rule says is so, also beside a table of that name which stays in the source
			for (size_t t = 0; t < tables_.size(); t++)
				if (IsRenamed(t) == by_rule)
					NameTable(t);
		for (const SourceTable &table : source_.tables)
			for (const SourceKey &key : table.keys)
				key_uses_[key.name]++;
		NameTypes();
		for (size_t t = 0; t < tables_.size(); t++) {
			NamePartitions(t);
			NameForColumns(t);
			NameConstraints(t);
		}
	}

private:
	const SourceSchema &source_;
	const RuleSet &rules_;
	std::vector<TargetNames::Table> &tables_;
	std::vector<TargetNames::Rename> &renames_;
	Space relations_, functions_;
	std::map<std::string, size_t> key_uses_;	   // how many tables have a key of that name
	std::map<std::string, std::string> on_update_; // functions by what they do

	std::string Renamed(const char *kind, size_t t, const std::string &source, std::string target) {
		if (source != target)
			renames_.push_back({kind, source_.tables[t].name, source, target});
		return target;
	}

	bool IsRenamed(size_t t) const { return rules_.Find(RuleAction::rename_table, source_.tables[t].name) != nullptr; }

	void NameTable(size_t t) {
		const SourceTable &source = source_.tables[t];
		TargetNames::Table &table = tables_[t];
		table.name = Renamed("table", t, source.name, relations_.Take(rules_.TargetName(source.name)));
		Space columns(kSystemColumns);
		for (const SourceColumn &column : source.columns)
			table.columns.push_back(
				Renamed("column", t, column.name, columns.Take(rules_.TargetName(source.name, column.name))));
	}

	void NamePartitions(size_t t) {
		for (const SourcePartitioning::Partition &partition : source_.tables[t].partitioning.partitions)
			tables_[t].partitions.push_back(relations_.Take(tables_[t].name + "_" + partition.name));
	}

	// A name of our own making, after the table and the column.
	std::string TakeOwn(const char *kind, size_t t, size_t c, const std::string &wanted) {
		std::string name = relations_.Take(wanted);
		if (name != wanted)
			renames_.push_back({kind, source_.tables[t].name, source_.tables[t].columns[c].name, name});
		return name;
	}

	// Postgres compares values of one enum type only: columns that refer to each other share one.
	void NameTypes() {
		KeyGroups groups(source_, [](const SourceColumn &child, const SourceColumn &parent) {
			return child.type.kind == MySqlKind::enum_ && parent.type.kind == MySqlKind::enum_ &&
				   child.type.labels == parent.type.labels;
		});
		std::map<size_t, std::string> names; // by group
		for (const bool named_after : {true, false})
			for (size_t t = 0; t < tables_.size(); t++)
				for (size_t c = 0; c < source_.tables[t].columns.size(); c++) {
					tables_[t].enum_types.resize(source_.tables[t].columns.size());
					if (source_.tables[t].columns[c].type.kind != MySqlKind::enum_)
						continue;
					const size_t group = groups.Of(t, c);
					if (named_after && group == groups.Number(t, c))
						names[group] = TakeOwn("type", t, c, tables_[t].name + "_" + tables_[t].columns[c]);
					else if (!named_after)
						tables_[t].enum_types[c] = names.at(group);
				}
	}

	// Sequences and functions have names of our own making as well.
	void NameForColumns(size_t t) {
		TargetNames::Table &table = tables_[t];
		const std::vector<SourceColumn> &columns = source_.tables[t].columns;
		table.on_update.resize(columns.size());
		for (size_t c = 0; c < columns.size(); c++) {
			const std::string sequence = table.name + "_" + table.columns[c] + "_seq";
			if (columns[c].auto_increment) {
				table.sequence = TakeOwn("sequence", t, c, sequence);
				table.names_sequence = table.sequence != sequence;
			}
			if (columns[c].on_update_now)
				table.on_update[c] = OnUpdate(t, c);
		}
	}

	// Wall times of other zones are another function.
	std::string ZoneRule(const std::string &table, const std::string &column) const {
		for (const Rule *rule : rules_.Transforms(table, column))
			if (ParseTransform(rule->argument).name == TransformName::wall_time)
				return "\n" + rule->argument;
		return "";
	}

	// One function for all columns of a name, as far as their types are the same.
	std::string OnUpdate(size_t t, size_t c) {
		const SourceColumn &column = source_.tables[t].columns[c];
		const Rule *type = rules_.Find(RuleAction::target_type, source_.tables[t].name, column.name);
		const std::string &name = tables_[t].columns[c];
		const std::string what = name + "\n" + (column.type.kind == MySqlKind::timestamp ? "timestamp" : "datetime") +
								 std::to_string(column.type.fsp) + "\n" + (type != nullptr ? type->argument : "") +
								 ZoneRule(source_.tables[t].name, column.name);
		std::string &function = on_update_[what];
		if (function.empty())
			function = functions_.Take("on_update_" + name);
		return function;
	}

	// Constraints of a table have different names; those with an index have one that no other relation has.
	void NameConstraints(size_t t) {
		const SourceTable &source = source_.tables[t];
		TargetNames::Table &table = tables_[t];
		Space constraints;
		for (const SourceKey &key : source.keys) {
			std::string wanted = table.name + (key.name == "PRIMARY" ? "_pkey" : "_" + key.name);
			if (key_uses_[key.name] == 1 && !relations_.Has(key.name) && key.name != "PRIMARY")
				wanted = key.name;
			std::string name = relations_.Take(wanted);
			if (key.unique)
				constraints.Take(name);
			table.keys.push_back(key.name == "PRIMARY" ? name : Renamed("index", t, key.name, name));
		}
		table.set_checks.resize(source.columns.size());
		for (size_t c = 0; c < source.columns.size(); c++)
			if (source.columns[c].type.kind == MySqlKind::set || source.columns[c].type.kind == MySqlKind::enum_)
				table.set_checks[c] = constraints.Take(table.name + "_" + table.columns[c] + "_check");
		for (const SourceForeignKey &key : source.foreign_keys)
			table.foreign_keys.push_back(Renamed("foreign key", t, key.name, constraints.Take(key.name)));
		for (const SourceCheck &check : source.checks)
			table.checks.push_back(Renamed("check", t, check.name, constraints.Take(check.name)));
	}
};

} // namespace

TargetNames::TargetNames(const SourceSchema &source, const RuleSet &rules) {
	Namer(source, rules, tables_, renames_).Run();
}

} // namespace alkconv::core
