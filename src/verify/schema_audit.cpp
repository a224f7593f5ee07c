// Regime: Postgres (may longjmp, never throws)
//
// One query of the catalogs for each kind of property, for all tables; then rows of partitioned tables and values of
// defaults, table by table.
#include "verify/schema_audit.hpp"

#include "core/audit_check_values.hpp"
#include "core/audit_target.hpp"
#include "mysql/audit_catalog.hpp"
#include "pg/await.hpp"
#include "pg/compat.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"
#include "verify/comparison.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "optimizer/optimizer.h"
#include "utils/guc.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

#define OF_TABLES(column) column " = ANY ($1::pg_catalog.oid[])"

const char *const kTables = "SELECT c.oid, c.relname, c.relkind = 'p', pg_catalog.obj_description(c.oid, 'pg_class'),"
							" CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END FROM "
							"pg_catalog.pg_class c WHERE " OF_TABLES("c.oid");

const char *const kColumns =
	"SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,"
	" a.attgenerated <> '', pg_catalog.col_description(a.attrelid, a.attnum),"
	" CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,"
	" CASE WHEN a.attgenerated = '' THEN d.adbin::pg_catalog.text END,"
	" (SELECT l.collname FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
	" WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation)"
	" FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
	" WHERE " OF_TABLES("a.attrelid") " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum";
constexpr size_t kDefaultTree = 8; // its column, to be replaced by whether it is constant

const char *const kLabels =
	"SELECT a.attrelid, a.attname, e.enumlabel FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_enum e ON e.enumtypid "
	"="
	" a.atttypid WHERE " OF_TABLES("a.attrelid") " AND a.attnum > 0 AND NOT a.attisdropped"
												 " ORDER BY a.attrelid, a.attnum, e.enumsortorder";

const char *const kKeys =
	"SELECT i.indrelid, c.relname, i.indisprimary, i.indisunique, m.amname,"
	" CASE WHEN NOT (i.indisvalid AND i.indisready) THEN 'not valid' WHEN i.indpred IS NOT NULL THEN 'of some rows'"
	" WHEN i.indnullsnotdistinct THEN 'NULLS NOT DISTINCT' WHEN NOT i.indimmediate THEN 'DEFERRABLE' END,"
	" a.attname, CASE WHEN a.attname IS NULL THEN pg_catalog.pg_get_indexdef(i.indexrelid, k.n, false) END,"
	" i.indoption[k.n - 1] & 1 = 1"
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
	" JOIN pg_catalog.pg_am m ON m.oid = c.relam CROSS JOIN LATERAL pg_catalog.generate_series(1, i.indnkeyatts) k(n)"
	" LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1] AND a.attnum > 0"
	" WHERE " OF_TABLES("i.indrelid") " ORDER BY i.indrelid, c.relname COLLATE \"C\", k.n";

const char *const kForeignKeys =
	"SELECT k.conrelid, k.conname, n.nspname, p.relname, k.confupdtype,"
	" CASE k.confmatchtype WHEN 's' THEN k.confdeltype::pg_catalog.text ELSE 'MATCH FULL' END, a.attname, b.attname"
	" FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class p ON p.oid = k.confrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace"
	" CROSS JOIN LATERAL pg_catalog.generate_subscripts(k.conkey, 1) s(i)"
	" JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[s.i]"
	" JOIN pg_catalog.pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[s.i]"
	" WHERE k.contype = 'f' AND k.conparentid = 0 AND %s AND " OF_TABLES(
		"k.conrelid") " ORDER BY k.conrelid, k.conname COLLATE \"C\", s.i";

const char *const kChecks =
	"SELECT k.conrelid, k.conname, pg_catalog.pg_get_expr(k.conbin, k.conrelid), k.convalidated, %s, a.attname"
	" FROM pg_catalog.pg_constraint k LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum ="
	" ANY (k.conkey) WHERE k.contype = 'c' AND " OF_TABLES(
		"k.conrelid") " ORDER BY k.conrelid, k.conname COLLATE \"C\", a.attnum";

// bits of tgtype: for each row, before, update (pg_trigger.h)
const char *const kTriggers =
	"SELECT t.tgrelid, p.prosrc, pg_catalog.pg_get_triggerdef(t.oid) FROM pg_catalog.pg_trigger t JOIN "
	"pg_catalog.pg_proc p ON p.oid = t.tgfoid"
	" WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 19 = 19 AND " OF_TABLES(
		"t.tgrelid") " ORDER BY t.tgrelid, t.tgname COLLATE \"C\"";

const char *const kPartitions =
	"SELECT h.inhparent, c.relname, pg_catalog.pg_get_expr(c.relpartbound, c.oid) FROM pg_catalog.pg_inherits h"
	" JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid WHERE c.relispartition AND " OF_TABLES(
		"h.inhparent") " ORDER BY h.inhparent, c.oid";

core::TextRows *ask(MemoryContext context, const char *sql, const char *tables) {
	return rows_of_answer(context, pg::sql_ask_catalog(sql, 1, &tables));
}

// Whether nothing in the default's expression depends on when and by whom it is computed.
void mark_constants(core::TextRows *columns) {
	for (size_t i = 0; i < columns->size(); ++i) {
		std::optional<std::string> *tree = &(*columns)[i][kDefaultTree];
		if (!tree->has_value())
			continue;
		auto *expression = static_cast<Node *>(stringToNode((*tree)->c_str()));
		const bool constant = !contain_mutable_functions(expression);
		pg::edge([&] { *tree = constant ? "t" : "f"; });
	}
}

const char *audited_oids(const core::AuditPairs *pairs) {
	StringInfoData oids;
	initStringInfo(&oids);
	appendStringInfoChar(&oids, '{');
	for (const core::AuditPair &pair : pairs->tables)
		if (pair.audited)
			appendStringInfo(&oids, "%s%u", oids.len == 1 ? "" : ",", pair.target_oid);
	appendStringInfoChar(&oids, '}');
	return oids.data;
}

core::AuditTargets *read_targets(MemoryContext context, const core::AuditPairs *pairs) {
	const char *tables = audited_oids(pairs);
	core::AuditTargetRows rows;
	rows.tables = ask(context, kTables, tables);
	core::TextRows *columns = ask(context, kColumns, tables);
	mark_constants(columns);
	rows.columns = columns;
	rows.labels = ask(context, kLabels, tables);
	rows.keys = ask(context, kKeys, tables);
	rows.foreign_keys = ask(context, psprintf(kForeignKeys, pg::kIsEnforced), tables);
	rows.checks = ask(context, psprintf(kChecks, pg::kIsEnforced), tables);
	rows.triggers = ask(context, kTriggers, tables);
	rows.partitions = ask(context, kPartitions, tables);
	return pg::own_from<core::AuditTargets>(context, [&] { return core::ReadAuditTargets(rows); });
}

core::AuditSourceSchema *read_source(MemoryContext context, mysql::Connection *connection,
									 const core::AuditPairs *pairs, const char *database) {
	auto *schema = pg::own<core::AuditSourceSchema>(context);
	pg::await(context, connection, [=] {
		std::vector<std::string> tables;
		for (const core::AuditPair &pair : pairs->tables)
			if (pair.audited)
				tables.push_back(pair.source);
		*schema = mysql::ReadAuditSource(*connection, database, tables);
	});
	return schema;
}

// What one table's comparison needs.
struct Audited {
	MemoryContext context;
	mysql::Connection *connection;
	core::AuditSourceSchema *schema;
	core::AuditSource *source;
	core::AuditTarget *target;
	const core::AuditPair *pair;
};

void read_defaults(const Audited *audited) {
	const auto *sql =
		pg::own_from<std::string>(audited->context, [audited] { return core::AuditDefaultsQuery(*audited->target); });
	if (sql->empty())
		return;
	const uint64 count = pg::sql_run_as_owner(audited->target->oid, sql->c_str());
	const core::TextRows *values = rows_of_answer(audited->context, count);
	pg::edge([&] { core::SetAuditDefaults(*audited->target, *values); });
}

void ask_checks(const Audited *audited) {
	const auto *questions = pg::own_from<std::vector<core::AuditCheckQuestion>>(audited->context, [audited] {
		return core::MakeCheckQuestions(*audited->source, *audited->target, *audited->pair);
	});
	mysql::Connection *connection = audited->connection;
	for (const core::AuditCheckQuestion &question : *questions) {
		auto *source = pg::own<core::TextRows>(audited->context);
		const std::string *sql = &question.mysql;
		pg::await(audited->context, connection, [=] { *source = mysql::AskAboutCheck(*connection, *sql); });
		const uint64 count = pg::sql_run_as_owner(audited->target->oid, question.postgres.c_str());
		const core::TextRows *target = rows_of_answer(audited->context, count);
		pg::edge([&] { core::SetCheckAnswers(question, *source, *target, *audited->target); });
	}
}

void count_partitions(const Audited *audited) {
	if (!pg::edge([&] { return core::CountsByPartition(*audited->source, *audited->target, *audited->pair); }))
		return;
	mysql::Connection *connection = audited->connection;
	core::AuditSource *source = audited->source;
	const core::AuditSourceSchema *schema = audited->schema;
	pg::await(audited->context, connection, [=] { mysql::CountPartitions(*connection, schema->database, *source); });
	for (core::AuditPartition &partition : audited->target->partitions)
		partition.rows = 0;
	const uint64 count = pg::sql_run_as_owner(
		audited->target->oid,
		psprintf("SELECT c.relname, pg_catalog.count(*) FROM %s t JOIN pg_catalog.pg_class c ON c.oid = t.tableoid"
				 " GROUP BY c.relname",
				 pg::from_item(audited->target->oid)));
	for (uint64 row = 0; row < count; ++row)
		for (core::AuditPartition &partition : audited->target->partitions)
			if (strcmp(partition.name.c_str(), pg::sql_text(row, 0)) == 0)
				partition.rows = static_cast<uint64>(pg::sql_int(row, 1));
}

// What one kind's differences add to the report.
struct Told {
	Verdict verdict;
	const core::AuditDifference *first; // that decides the verdict; null: none
	const char *objects;				// all that differ
};

Told told_of(const core::AuditResult *result, AuditOf of) {
	Told told = {Verdict::ok, nullptr, ""};
	for (const core::AuditDifference &difference : result->differences) {
		const bool fault = of == AuditOf::run || (of == AuditOf::made && !difference.besides);
		if (told.first == nullptr || (fault && told.verdict == Verdict::note)) {
			told.first = &difference;
			told.verdict = fault ? Verdict::mismatch : Verdict::note;
		}
		told.objects =
			psprintf("%s%s%s: %s in the source, %s in the target", told.objects, told.objects[0] == '\0' ? "" : "; ",
					 difference.object.c_str(), difference.source.empty() ? "none" : difference.source.c_str(),
					 difference.target.empty() ? "none" : difference.target.c_str());
	}
	return told;
}

void add_result(CheckList *list, const char *table, const core::AuditResult *result, AuditOf of) {
	const Told told = told_of(result, of);
	const char *check = psprintf("schema: %s", result->kind);
	const char *compared = psprintf("%zu compared", result->compared);
	if (told.first == nullptr)
		add_check(list, table, check, nullptr, compared, Verdict::ok, nullptr);
	else
		add_check(list, table, check, told.first->source.c_str(), told.first->target.c_str(), told.verdict,
				  told.objects);
}

// An index that is not unique says nothing about rows.
bool is_lack(const core::AuditResult *result, const core::AuditDifference *difference) {
	if (difference->besides)
		return false;
	if (strcmp(result->kind, "columns") == 0)
		return strcmp(difference->source.c_str(), "NOT NULL") == 0;
	return (strcmp(result->kind, "keys") == 0 || strcmp(result->kind, "foreign keys") == 0) &&
		   strncmp(difference->target.c_str(), "no such", 7) == 0 &&
		   strncmp(difference->source.c_str(), "index ", 6) != 0;
}

void add_lacks(CheckList *list, const char *table, const std::vector<core::AuditResult> *results) {
	const char *text = "";
	for (const core::AuditResult &result : *results)
		for (const core::AuditDifference &difference : result.differences)
			if (is_lack(&result, &difference))
				text = psprintf("%s%s%s: %s", text, text[0] == '\0' ? "" : "; ", difference.object.c_str(),
								difference.source.c_str());
	if (text[0] != '\0')
		add_check(list, table, "schema", text, nullptr, Verdict::note,
				  "the source has them, the target, which alkconv has not made, does not");
}

void check_table(CheckList *list, const Audited *audited, const core::AuditPairs *pairs, AuditOf of) {
	if (of != AuditOf::others) {
		read_defaults(audited);
		ask_checks(audited);
		count_partitions(audited);
	}
	const auto *results = pg::own_from<std::vector<core::AuditResult>>(audited->context, [&] {
		return core::AuditTable(*audited->schema, *audited->source, *audited->target, *audited->pair, *pairs);
	});
	const char *table = audited->pair->target.c_str();
	if (of == AuditOf::others) {
		add_lacks(list, table, results);
		return;
	}
	for (const core::AuditResult &result : *results)
		add_result(list, table, &result, of);
}

// Dates in defaults and bounds are written as they are compared, whatever the session likes.
int pin_dates() {
	const int nest_level = NewGUCNestLevel();
	(void) set_config_option("datestyle", "ISO", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return nest_level;
}

} // namespace

void check_schema(CheckList *list, mysql::Connection *connection, const core::AuditPairs *pairs,
				  const char *source_database, AuditOf of) {
	MemoryContext context = AllocSetContextCreate(list->context, "alkconv schema audit", ALLOCSET_DEFAULT_SIZES);
	const MemoryContext caller = MemoryContextSwitchTo(context);
	const int nest_level = pin_dates();
	core::AuditTargets *targets = read_targets(context, pairs);
	core::AuditSourceSchema *schema = read_source(context, connection, pairs, source_database);
	for (const core::AuditPair &pair : pairs->tables) {
		if (!pair.audited)
			continue;
		core::AuditSource *source = pg::edge([&]() -> core::AuditSource * {
			const auto found = schema->tables.find(pair.source);
			return found == schema->tables.end() ? nullptr : &found->second;
		});
		core::AuditTarget *target = pg::edge([&] { return &(*targets)[pair.target_oid]; });
		if (source == nullptr) {
			add_check(list, pair.target.c_str(), "schema: table", "not listed", "there", Verdict::mismatch,
					  "the source does not list the table any more");
			continue;
		}
		const Audited audited = {context, connection, schema, source, target, &pair};
		check_table(list, &audited, pairs, of);
	}
	AtEOXact_GUC(false, nest_level);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

} // namespace alkconv::verify
