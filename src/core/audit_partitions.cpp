// Regime: C++ (may throw, never calls Postgres)
//
// Partitions: their number, key, bounds, and how many rows each side has in each.
#include "core/audit_parts.hpp"

#include <algorithm>

namespace alkconv::core {

namespace audit {

namespace {

// RANGE, LIST or HASH.
std::string Method(const std::string &method) {
	const std::string plain = StartsWith(method, "LINEAR ") ? method.substr(7) : method;
	return plain.substr(0, plain.find(' '));
}

// A list of values, without what the two servers write otherwise: quotes, the midnight of a date.
std::string PlainValue(std::string value) {
	static constexpr std::string_view kMidnight = " 00:00:00";
	const auto trim = [&](const char *what) {
		value.erase(0, std::min(value.find_first_not_of(what), value.size()));
		value.erase(value.find_last_not_of(what) + 1);
	};
	trim(" ");
	trim("'");
	const size_t dot = value.find(".000000");
	value.resize(std::min(value.size(), dot));
	if (value.size() == 10 + kMidnight.size() && value.compare(10, kMidnight.size(), kMidnight) == 0)
		value.resize(10);
	return value;
}

std::vector<std::string> PlainValues(const std::string &list) {
	std::vector<std::string> values;
	for (size_t begin = 0; begin <= list.size();) {
		const size_t end = std::min(list.find(',', begin), list.size());
		values.push_back(PlainValue(list.substr(begin, end - begin)));
		begin = end + 1;
	}
	return values;
}

// What stands in the parentheses behind a word.
std::string InParentheses(const std::string &text, const std::string &word) {
	const size_t open = text.find(word + " (");
	const size_t begin = open + word.size() + 2;
	return open == std::string::npos ? "" : text.substr(begin, text.find(')', begin) - begin);
}

class Comparison {
public:
	explicit Comparison(const Table &table)
		: table_(table), source_(table.source), target_(table.target), method_(Method(source_.partition_method)),
		  used_(target_.partitions.size()) {}

	AuditResult Run() {
		const bool plain = table_.Note("partitions", source_.name) != nullptr &&
						   table_.IsNoted("partitions", source_.name, "plain table");
		if (source_.partitions.empty() || plain) {
			if (target_.partitioned)
				Differ("partitions", "none", target_.partition_key, true);
			return std::move(result_);
		}
		if (!target_.partitioned) {
			Differ("partitions", source_.partition_method, "a plain table");
			return std::move(result_);
		}
		if (source_.subpartitioned)
			Differ("partitions", source_.partition_method + " with subpartitions", target_.partition_key);
		CompareKey();
		ComparePartitions();
		return std::move(result_);
	}

private:
	const Table &table_;
	const AuditSource &source_;
	const AuditTarget &target_;
	const std::string method_;
	std::vector<bool> used_;
	AuditResult result_ = {"partitions", 0, {}};

	void Differ(const std::string &object, const std::string &source, const std::string &target, bool besides = false) {
		result_.differences.push_back({object, source, target, besides});
	}

	// `a`,`b`: what is more than a list of columns does not come here.
	std::vector<std::string> KeyNames() const {
		std::vector<std::string> names(1);
		bool quoted = false;
		for (const char c : source_.partition_expression)
			if (c == '`')
				quoted = !quoted;
			else if (quoted || (c != ',' && c != ' '))
				names.back() += c;
			else if (c == ',')
				names.emplace_back();
		return names;
	}

	void CompareKey() {
		std::string wanted = method_ + " (";
		for (const std::string &name : table_.TargetNames(KeyNames()))
			wanted += (wanted.back() == '(' ? "" : ", ") + name;
		std::string found = target_.partition_key;
		found.erase(std::remove(found.begin(), found.end(), '"'), found.end());
		if (wanted + ")" != found)
			Differ("partition key", wanted + ")", found);
	}

	bool IsUnsignedKey() const {
		const std::vector<std::string> names = KeyNames();
		return std::any_of(names.begin(), names.end(), [&](const std::string &name) {
			const AuditSourceColumn *column = table_.SourceColumn(name);
			return column != nullptr && Contains(column->type, "unsigned");
		});
	}

	// By its name, else the first that is left: they stand in the order in which they were made.
	const AuditPartition *Find(const std::string &name) {
		const std::string wanted = table_.pair.target + "_" + name;
		for (size_t i = 0; i < used_.size(); ++i)
			if (!used_[i] && target_.partitions[i].name == wanted) {
				used_[i] = true;
				return &target_.partitions[i];
			}
		return nullptr;
	}

	const AuditPartition *FindOther() {
		const auto left = std::find(used_.begin(), used_.end(), false);
		if (left == used_.end())
			return nullptr;
		*left = true;
		return &target_.partitions[static_cast<size_t>(left - used_.begin())];
	}

	void ComparePartitions() {
		std::vector<const AuditPartition *> wanted, found;
		for (const AuditPartition &partition : source_.partitions)
			if (table_.Note("partition", partition.name) == nullptr) {
				wanted.push_back(&partition);
				found.push_back(Find(partition.name));
			}
		std::string from;
		for (size_t i = 0; i < wanted.size(); ++i) {
			const AuditPartition *other = found[i] != nullptr ? found[i] : FindOther();
			++result_.compared;
			if (other == nullptr)
				Differ("partition " + wanted[i]->name, wanted[i]->bound, "no such partition");
			else
				Compare(*wanted[i], *other, i, wanted.size(), from);
			from = wanted[i]->bound;
		}
		for (size_t i = 0; i < used_.size(); ++i)
			if (!used_[i])
				Differ("partition " + target_.partitions[i].name, "no such partition", target_.partitions[i].bound,
					   true);
	}

	void Compare(const AuditPartition &partition, const AuditPartition &other, size_t number, size_t count,
				 const std::string &from) {
		const std::string name = "partition " + other.name;
		if (!HasBound(partition, other, number, count, from))
			Differ(name, partition.bound.empty() ? method_ : partition.bound, other.bound);
		if (partition.rows && other.rows && partition.rows != other.rows)
			Differ(name, std::to_string(*partition.rows) + " rows", std::to_string(*other.rows) + " rows");
	}

	bool HasBound(const AuditPartition &partition, const AuditPartition &other, size_t number, size_t count,
				  const std::string &from) const {
		if (method_ == "HASH")
			return Contains(other.bound, "modulus " + std::to_string(count) + ",") &&
				   Contains(other.bound, "remainder " + std::to_string(number) + ")");
		if (partition.bound == "DEFAULT")
			return other.bound == "DEFAULT";
		if (method_ == "RANGE")
			return AreBounds(partition.bound, InParentheses(other.bound, "TO")) &&
				   (number == 0 ? !Contains(other.bound.substr(0, other.bound.find(" TO ")), "'") &&
									  Contains(other.bound, "FROM (MINVALUE")
								: AreBounds(from, InParentheses(other.bound, "FROM")));
		std::vector<std::string> a = PlainValues(partition.bound), b = PlainValues(InParentheses(other.bound, "IN"));
		std::sort(a.begin(), a.end());
		std::sort(b.begin(), b.end());
		return a == b || IsUnsignedKey(); // above 2^63 - 1 the catalog shows them negative
	}

	// More than the column can have is MAXVALUE in the target, and so is everything that follows a MAXVALUE.
	bool AreBounds(const std::string &source, const std::string &target) const {
		const std::vector<std::string> a = PlainValues(source), b = PlainValues(target);
		if (a.size() != b.size())
			return false;
		for (size_t i = 0; i < a.size(); ++i) {
			if (b[i] == "MAXVALUE")
				return a[i] == "MAXVALUE" || IsBeyondColumn(a[i], i);
			if (a[i] != b[i] && !(IsUnsignedKey() && StartsWith(a[i], "-")))
				return false;
		}
		return true;
	}

	// Numbers alone are so: by digits, which differ in number from those of the type's end or are as many and not less.
	bool IsBeyondColumn(const std::string &value, size_t part) const {
		std::vector<std::string> columns;
		for (std::string rest = InParentheses(target_.partition_key, method_); !rest.empty();) {
			const size_t end = std::min(rest.find(", "), rest.size());
			columns.push_back(rest.substr(0, end));
			rest.erase(0, end + 2);
		}
		std::string name = part < columns.size() ? columns[part] : "";
		name.erase(std::remove(name.begin(), name.end(), '"'), name.end());
		const AuditTargetColumn *column = table_.TargetColumn(name);
		const std::string type = column == nullptr ? "" : column->type;
		const std::string highest = type == "smallint"	? "32767"
									: type == "integer" ? "2147483647"
									: type == "bigint"	? "9223372036854775807"
														: "";
		return !highest.empty() && value.find_first_not_of("0123456789") == std::string::npos &&
			   (value.size() > highest.size() || (value.size() == highest.size() && value > highest));
	}
};

} // namespace

AuditResult ComparePartitions(const Table &table) { return Comparison(table).Run(); }

} // namespace audit

bool CountsByPartition(const AuditSource &source, const AuditTarget &target, const AuditPair &pair) {
	const std::string method = audit::Method(source.partition_method);
	return target.partitioned && pair.all_rows && !source.partitions.empty() && (method == "RANGE" || method == "LIST");
}

} // namespace alkconv::core
