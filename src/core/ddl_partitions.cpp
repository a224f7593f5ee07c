// Regime: C++ (may throw, never calls Postgres)
//
// Partitions that both servers understand alike: ranges, lists and hashes of plain columns. MySQL compares text by its collation and puts
// NULL into the first range; Postgres does neither, so such tables become plain ones.
#include "core/ddl_table.hpp"
#include "core/plan_table.hpp"

#include <algorithm>

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

// "`a`,`b`" as positions; nothing for anything but a list of the table's columns. Servers leave the quotes out where they can.
std::optional<std::vector<size_t>> PlainColumns(const SourceTable &table, const std::string &expression) {
	std::vector<size_t> columns;
	std::string name;
	bool quoted = false;
	const auto take = [&] {
		for (size_t c = 0; c < table.columns.size(); c++)
			if (table.columns[c].name == name) {
				columns.push_back(c);
				name.clear();
				return true;
			}
		return false;
	};
	for (const char c : expression) {
		if (c == '`')
			quoted = !quoted;
		else if (quoted || (c != ',' && c != ' '))
			name += c;
		else if (c == ',' && !take())
			return std::nullopt;
	}
	if (!take())
		return std::nullopt;
	return columns;
}

// The values of a description, split at commas outside quotes.
std::vector<std::string> SplitValues(const std::string &description) {
	std::vector<std::string> values(1);
	bool quoted = false;
	for (const char c : description) {
		if (c == '\'')
			quoted = !quoted;
		if (c == ',' && !quoted)
			values.emplace_back();
		else if (c != ' ' || quoted)
			values.back() += c;
	}
	return values;
}

bool IsNumber(const std::string &value) noexcept {
	const size_t start = value.empty() || value[0] != '-' ? 0 : 1;
	return value.size() > start && std::all_of(value.begin() + static_cast<std::ptrdiff_t>(start), value.end(),
											   [](char c) { return c >= '0' && c <= '9'; });
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
		return MakeBounds() ? "" : "a bound is no plain value";
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
	std::string Value(const std::string &value, size_t column) const {
		const PgKind kind = table_.Column(columns_[column])->target_type.kind;
		if (value == "NULL")
			return method_ == Method::list ? value : "";
		const bool moment = kind == PgKind::date || kind == PgKind::timestamp;
		return (moment ? IsMoment(value) : IsNumber(value)) ? value : "";
	}

	bool MakeBounds() {
		std::string from;
		for (size_t i = 0; i < columns_.size(); i++)
			from += i == 0 ? "MINVALUE" : ", MINVALUE";
		for (size_t p = 0; p < source_.partitions.size(); p++) {
			const std::string &description = source_.partitions[p].description;
			std::string bound = "DEFAULT";
			if (method_ == Method::hash) {
				bound = "FOR VALUES WITH (MODULUS " + std::to_string(source_.partitions.size()) + ", REMAINDER " +
						std::to_string(p) + ")";
			} else if (description != "DEFAULT") {
				std::string values;
				const std::vector<std::string> split = SplitValues(description);
				if (method_ == Method::range && split.size() != columns_.size())
					return false;
				for (size_t i = 0; i < split.size(); i++) {
					const std::string value = method_ == Method::range && split[i] == "MAXVALUE"
												  ? split[i]
												  : Value(split[i], method_ == Method::range ? i : 0);
					if (value.empty())
						return false;
					values += (i == 0 ? "" : ", ") + value;
				}
				bound = method_ == Method::list ? "FOR VALUES IN (" + values + ")"
												: "FOR VALUES FROM (" + from + ") TO (" + values + ")";
				from = values;
			}
			made_.bounds.push_back(bound);
		}
		return true;
	}
};

} // namespace

NativePartitions MakePartitions(const DdlTable &table) { return PartitionMaker(table).Make(); }

} // namespace alkconv::core
