// Regime: C++ (may throw, never calls Postgres)
//
// Names are given in a fixed order: tables, columns, then what is made for them, table by table.
#include "core/target_names.hpp"

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
		for (const bool by_rule : {true, false}) // what a rule says is so, also beside a table of that name which stays in the source
			for (size_t t = 0; t < tables_.size(); t++)
				if (IsRenamed(t) == by_rule)
					NameTable(t);
		for (const SourceTable &table : source_.tables)
			for (const SourceKey &key : table.keys)
				key_uses_[key.name]++;
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
	std::map<std::string, size_t> key_uses_; // how many tables have a key of that name

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

	// Types, sequences and the CHECKs of sets have names of our own making.
	void NameForColumns(size_t t) {
		TargetNames::Table &table = tables_[t];
		const std::vector<SourceColumn> &columns = source_.tables[t].columns;
		table.enum_types.resize(columns.size());
		for (size_t c = 0; c < columns.size(); c++) {
			if (columns[c].type.kind == MySqlKind::enum_)
				table.enum_types[c] = relations_.Take(table.name + "_" + table.columns[c]);
			if (columns[c].auto_increment)
				table.sequence = relations_.Take(table.name + "_" + table.columns[c] + "_seq");
			if (columns[c].on_update_now && table.on_update.empty())
				table.on_update = functions_.Take(table.name + "_on_update");
		}
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
