// Regime: C++ (may throw, never calls Postgres)
//
// Partitions that both servers understand alike: ranges, lists and hashes of plain columns. MySQL compares text by its collation and puts
// NULL into the first range; Postgres does neither, so such tables become plain ones.
#include "core/ddl_table.hpp"
#include "core/partition_bounds.hpp"
#include "core/plan_table.hpp"

#include <algorithm>
#include <limits>

namespace alkconv::core {

namespace {

enum class Method { range, list, hash, other };

Method MethodOf(const std::string &method) noexcept {
	if (method == "RANGE" || method == "RANGE COLUMNS")
		return Method::range;
	if (method == "LIST" || method == "LIST COLUMNS")
		return Method::list;
	return method == "HASH" || method == "LINEAR HASH" ? Method::hash : Method::other;
}

// 'YYYY-MM-DD...' that is a date: no year, month or day is zero. Nothing but digits and separators: it goes into a statement as it is, and the
// source may be hostile.
bool IsMoment(const std::string &value) noexcept {
	static constexpr std::string_view kDigits = "0123456789-:. ";
	return value.size() >= 12 && value.front() == '\'' && value.find_first_not_of(kDigits, 1) == value.size() - 1 &&
		   value.back() == '\'' && value.compare(1, 4, "0000") != 0 && value.find("-00") == std::string::npos;
}

class PartitionMaker {
public:
	explicit PartitionMaker(const DdlTable &table)
		: table_(table), source_(table.source.partitioning), method_(MethodOf(source_.method)) {}

	NativePartitions Make() {
		if (source_.method.empty())
			return {};
		const std::string why = table_.plan.flatten ? "rule " + table_.plan.rule : WhyNot();
		if (!why.empty()) {
			table_.Note("partitions", table_.source.name, "it becomes a plain table: " + why,
						"PARTITION BY " + source_.method + " (" + source_.expression + ")");
			return {};
		}
		if (source_.method == "LINEAR HASH")
			table_.Note("partitions", table_.source.name, "LINEAR HASH becomes HASH");
		return std::move(made_);
	}

private:
	const DdlTable &table_;
	const SourcePartitioning &source_;
	const Method method_;
	std::vector<size_t> columns_;
	NativePartitions made_;

	std::string WhyNot() {
		if (method_ == Method::other)
			return source_.method + " has no counterpart";
		if (source_.subpartitions)
			return "it has subpartitions";
		const auto columns = PlainColumns(table_.source, source_.expression);
		if (!columns)
			return "it is partitioned by an expression";
		columns_ = *columns;
		if (columns_.size() > 1 && method_ != Method::range)
			return "it is partitioned by a list of several columns";
		for (const size_t c : columns_) {
			const std::string why = WhyNotColumn(c);
			if (!why.empty())
				return why;
		}
		static constexpr const char *kMethods[] = {"RANGE", "LIST", "HASH"};
		made_.clause = std::string(" PARTITION BY ") + kMethods[static_cast<int>(method_)] + " (" +
					   *table_.ColumnList(columns_) + ")";
		return MakeBounds();
	}

	std::string WhyNotColumn(size_t c) const {
		const SourceColumn &column = table_.source.columns[c];
		const ColumnPlan *plan = table_.Column(c);
		if (plan == nullptr)
			return "column " + Quoted(column.name) + " stays in the source";
		if (table_.Expression(c) != nullptr)
			return "column " + Quoted(column.name) + " is generated";
		switch (plan->target_type.kind) {
		case PgKind::int2:
		case PgKind::int4:
		case PgKind::int8:
		case PgKind::numeric:
		case PgKind::date:
		case PgKind::timestamp: break;
		default: return "values of " + plan->target_type.text + " are compared in another way";
		}
		return column.nullable && method_ == Method::range
				   ? "column " + Quoted(column.name) + " can be NULL, which no range holds"
				   : "";
	}

	// A bound's value as Postgres takes it; empty when it cannot.
	std::string Value(const std::string &shown, size_t column) const {
		const PgKind kind = table_.Column(columns_[column])->target_type.kind;
		const std::string value = BoundValue(table_.source.columns[columns_[column]], shown);
		if (value == "NULL")
			return method_ == Method::list ? value : "";
		if (kind == PgKind::date || kind == PgKind::timestamp)
			return IsMoment(value) ? value : "";
		if (!IsInteger(value))
			return "";
		return Holds(kind, value) ? value : BeyondType(value);
	}

	static bool Holds(PgKind kind, const std::string &value) {
		switch (kind) {
		case PgKind::int2: return IsWithinType<int16_t>(value);
		case PgKind::int4: return IsWithinType<int32_t>(value);
		case PgKind::int8: return IsWithinType<int64_t>(value);
		default: return true;
		}
	}

	template <typename Integer>
	static bool IsWithinType(const std::string &value) {
		return IsWithin(value, std::numeric_limits<Integer>::min(), std::numeric_limits<Integer>::max());
	}

	// A range up to more than the type holds is one up to its end.
	std::string BeyondType(const std::string &value) const {
		return method_ == Method::range && value[0] != '-' ? "MAXVALUE" : "";
	}

	// The bound of one partition; empty when a value is none.
	std::string Bound(const std::string &description) const {
		const std::vector<std::string> split = SplitValues(description);
		const bool range = method_ == Method::range;
		if (range && split.size() != columns_.size())
			return "";
		std::string values;
		bool highest = false; // what follows MAXVALUE does not matter, and Postgres wants the same
		for (size_t i = 0; i < split.size(); i++) {
			highest = highest || (range && split[i] == "MAXVALUE");
			const std::string value = highest ? "MAXVALUE" : Value(split[i], range ? i : 0);
			if (value.empty())
				return "";
			highest = highest || value == "MAXVALUE";
			values += (i == 0 ? "" : ", ") + value;
		}
		return values;
	}

	std::string Repeated(const char *word) const {
		std::string list;
		for (size_t i = 0; i < columns_.size(); i++)
			list += (i == 0 ? "" : ", ") + std::string(word);
		return list;
	}

	// Postgres has no partition without possible values.
	void LeaveOut(const std::string &partition) {
		table_.Note("partition", partition, "not made: it is for values that its column cannot have");
		made_.bounds.emplace_back();
	}

	// Why there are none; empty when they are made.
	std::string MakeBounds() {
		std::string from = Repeated("MINVALUE");
		const std::string end = Repeated("MAXVALUE");
		for (size_t p = 0; p < source_.partitions.size(); p++) {
			const std::string &description = source_.partitions[p].description;
			std::string bound = "DEFAULT";
			if (method_ == Method::hash) {
				bound = "FOR VALUES WITH (MODULUS " + std::to_string(source_.partitions.size()) + ", REMAINDER " +
						std::to_string(p) + ")";
			} else if (description != "DEFAULT") {
				const std::string values = Bound(description);
				if (values.empty())
					return "a bound is no value that its column can have";
				if (from == end) {
					LeaveOut(source_.partitions[p].name);
					continue;
				}
				bound = method_ == Method::list ? "FOR VALUES IN (" + values + ")"
												: "FOR VALUES FROM (" + from + ") TO (" + values + ")";
				if (method_ == Method::range)
					from = values;
			}
			made_.bounds.push_back(bound);
		}
		return "";
	}
};

} // namespace

NativePartitions MakePartitions(const DdlTable &table) { return PartitionMaker(table).Make(); }

} // namespace alkconv::core
