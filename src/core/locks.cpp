// Regime: C++ (may throw, never calls Postgres)
//
// Counted by the statements that make them.
#include "core/locks.hpp"

#include <cstdlib>
#include <map>

namespace alkconv::core {

namespace {

constexpr uint64_t kTwoOfToast = 2;		   // the table and its index
constexpr uint64_t kToastThreshold = 2032; // TOAST_TUPLE_THRESHOLD of pages of 8 kB
constexpr uint64_t kUnbounded = kToastThreshold;

// The n of "varchar(n)"; 0: there is none. A type that is still to be created is known by its text only.
uint64_t Modifier(const TargetType &type) noexcept {
	const size_t open = type.text.find('(');
	return open == std::string::npos ? 0 : std::strtoull(type.text.c_str() + open + 1, nullptr, 10);
}

// At most, as type_maximum_size() sees it (format_type.c).
uint64_t MostBytes(const TargetType &type) noexcept {
	constexpr uint64_t kFixed = 16, kBytesOfCharacter = 4;
	switch (type.kind) {
	case PgKind::text:
	case PgKind::bytea:
	case PgKind::json:
	case PgKind::jsonb:
	case PgKind::text_array:
	case PgKind::inet:
	case PgKind::other: return kUnbounded;
	case PgKind::numeric:
	case PgKind::varchar:
	case PgKind::bpchar:
	case PgKind::bit:
	case PgKind::varbit: return Modifier(type) == 0 ? kUnbounded : Modifier(type) * kBytesOfCharacter + kFixed;
	default: return kFixed;
	}
}

bool IsIndex(const std::string &kind) {
	return kind == "primary key" || kind == "unique" || kind == "unique index" || kind == "index";
}

} // namespace

bool NeedsToast(const TablePlan &table) noexcept {
	uint64_t bytes = 0;
	for (const ColumnPlan &column : table.columns)
		bytes += MostBytes(column.target_type);
	for (const GeneratedColumn &generated : table.generated)
		bytes += MostBytes(generated.column.target_type);
	return bytes >= kToastThreshold;
}

uint64_t CountNewRelations(const SourceSchema &source, const Plan &plan, const Ddl &ddl) {
	struct Made {
		uint64_t storages = 0; // the table or its partitions: each has every index
		uint64_t indexes = 0;
	};
	std::map<std::string, Made> tables; // by target name
	for (const DdlStatement &statement : ddl.statements) {
		Made &made = tables[statement.table];
		made.storages += statement.kind == "table" || statement.kind == "partition";
		made.indexes += IsIndex(statement.kind);
	}
	uint64_t relations = 0;
	for (const TablePlan &table : plan.tables) {
		if (!table.create)
			continue;
		const Made &made = tables[table.target_name];
		relations += made.storages * (1 + made.indexes + (NeedsToast(table) ? kTwoOfToast : 0));
		for (const ColumnPlan &column : table.columns)
			relations += source.tables[table.source].columns[column.source].auto_increment;
	}
	return relations;
}

} // namespace alkconv::core
