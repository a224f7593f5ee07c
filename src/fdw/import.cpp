// Regime: Postgres (may longjmp, never throws)
//
// IMPORT FOREIGN SCHEMA: a MySQL database becomes foreign tables, one per base table and view, with the types of mode
// `create`. The options always name database, table and column as MySQL spells them, so that local names may be changed
// freely. Nothing is left out silently.
#include "core/conversion.hpp"
#include "fdw/callbacks.hpp"
#include "fdw/session.hpp"
#include "pg/owned.hpp"
#include "pg/printable.hpp"

extern "C" {
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "nodes/parsenodes.h"
}

#include <string>

#include "pg/regime_pg.hpp"

namespace alkconv::fdw {

namespace {

struct Import {
	const ImportForeignSchemaStmt *statement;
	const char *server;
	const char *database;
	List *names; // of the foreign tables so far, as Postgres spells them
	List *commands;
	std::string *type; // scratch
};

// FNV-1a: the same on every machine and in every version.
uint32 name_hash(const char *name) {
	uint32 hash = 2166136261u;
	for (const char *c = name; *c != '\0'; ++c)
		hash = (hash ^ static_cast<unsigned char>(*c)) * 16777619u;
	return hash;
}

// The name itself, or, when it is longer than Postgres' names, its beginning and a hash of the whole.
const char *fit_name(const char *name) {
	const int length = static_cast<int>(strlen(name));
	if (length < NAMEDATALEN)
		return name;
	constexpr int kHashLength = 9; // _ and 8 digits
	return psprintf("%.*s_%08x", pg_mbcliplen(name, length, NAMEDATALEN - 1 - kHashLength), name, name_hash(name));
}

// Like fit_name(); names of system columns, which no table may have, get an underscore.
const char *fit_column_name(const char *name) {
	static const char *const kSystemColumns[] = {"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"};
	for (const char *system : kSystemColumns)
		if (strcmp(name, system) == 0)
			return psprintf("%s_", name);
	return fit_name(name);
}

bool list_has_name(List *names, const char *name) {
	ListCell *cell;
	foreach (cell, names)
		if (strcmp(static_cast<const char *>(lfirst(cell)), name) == 0)
			return true;
	return false;
}

// LIMIT TO and EXCEPT speak of the local names, as the server does when it filters the commands once more.
bool is_wanted(const Import *import, const char *name) {
	if (import->statement->list_type == FDW_IMPORT_SCHEMA_ALL)
		return true;
	ListCell *cell;
	foreach (cell, import->statement->table_list)
		if (strcmp(lfirst_node(RangeVar, cell)->relname, name) == 0)
			return import->statement->list_type == FDW_IMPORT_SCHEMA_LIMIT_TO;
	return import->statement->list_type == FDW_IMPORT_SCHEMA_EXCEPT;
}

void warn_left_out(const Import *import, const char *kind, const char *name, const char *why) {
	ereport(WARNING, (errcode(ERRCODE_FDW_ERROR),
					  errmsg("%s \"%s\" of MySQL database \"%s\" is not imported", kind, name, import->database),
					  errdetail("%s", why)));
}

void append_option(StringInfo text, const char *before, const char *name, const char *value) {
	appendStringInfo(text, "%s%s %s", before, name, quote_literal_cstr(value));
}

// "name type OPTIONS (column_name '...') NOT NULL"; false when there is no type for it.
bool append_column(Import *import, StringInfo text, const core::SourceTable *table, const core::SourceColumn *column,
				   bool keep_not_null, List **names) {
	if (column->type.kind == core::MySqlKind::unknown)
		return false;
	const char *name = fit_column_name(column->name.c_str());
	if (list_has_name(*names, name))
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_COLUMN),
						errmsg("two columns of MySQL table \"%s.%s\" would both be called \"%s\"", import->database,
							   table->name.c_str(), name),
						errdetail("One of them is \"%s\" in MySQL.", column->name.c_str()),
						errhint("Create this foreign table by hand and leave it out with EXCEPT.")));
	*names = lappend(*names, const_cast<char *>(name));
	std::string *type = import->type;
	pg::edge([&] { *type = core::DefaultTargetType(column->type); });
	appendStringInfo(text, "%s\n\t%s %s", list_length(*names) > 1 ? "," : "", quote_identifier(name), type->c_str());
	append_option(text, " OPTIONS (", "column_name", column->name.c_str());
	appendStringInfoChar(text, ')');
	if (keep_not_null && !column->nullable)
		appendStringInfoString(text, " NOT NULL");
	return true;
}

void import_table(Import *import, const char *kind, const core::SourceTable *table) {
	const char *source_name = table->name.c_str();
	const char *name = fit_name(source_name);
	if (!is_wanted(import, name))
		return;
	if (list_has_name(import->names, name))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("two tables of MySQL database \"%s\" would both be called \"%s\"", import->database, name),
				 errdetail("One of them is \"%s\" in MySQL.", source_name),
				 errhint("Create one of them by hand and leave both out with EXCEPT.")));
	import->names = lappend(import->names, const_cast<char *>(name));
	if (table->columns.empty()) {
		warn_left_out(import, kind, source_name,
					  "The server does not show its columns: the definition is invalid, or a privilege is missing.");
		return;
	}

	if (table->columns.size() > core::kMaxColumns) {
		warn_left_out(import, kind, source_name,
					  psprintf("It has %zu columns, and a table of Postgres has at most %zu. A foreign table that is "
							   "created by hand may have some of them.",
							   table->columns.size(), core::kMaxColumns));
		return;
	}

	// MySQL knows whether a column of a table can be NULL; of a view it only guesses
	const bool keep_not_null = strcmp(kind, "view") != 0;
	StringInfoData text;
	initStringInfo(&text);
	appendStringInfo(&text, "CREATE FOREIGN TABLE %s (", quote_identifier(name));
	List *names = NIL;
	for (const core::SourceColumn &column : table->columns)
		if (!append_column(import, &text, table, &column, keep_not_null, &names)) {
			warn_left_out(import, kind, source_name,
						  psprintf("Its column \"%s\" is of type %s, which alkconv does not know.", column.name.c_str(),
								   column.type.text.c_str()));
			return;
		}
	appendStringInfo(&text, "\n) SERVER %s", quote_identifier(import->server));
	append_option(&text, " OPTIONS (", "dbname", import->database);
	append_option(&text, ", ", "table_name", source_name);
	appendStringInfoChar(&text, ')');
	import->commands = lappend(import->commands, text.data);
}

// Views can be read like tables; sequences and the like cannot. Triggers and routines hold no rows.
void import_object(Import *import, Session *session, const core::SourceObject *object) {
	const char *kind = object->kind.c_str();
	if (strcmp(kind, "view") == 0) {
		if (is_wanted(import, fit_name(object->name.c_str())))
			import_table(import, kind, get_source_table(session, import->database, object->name.c_str()));
	} else if (strcmp(kind, "sequence") == 0 || strcmp(kind, "temporary table") == 0) {
		if (is_wanted(import, fit_name(object->name.c_str())))
			warn_left_out(import, kind, object->name.c_str(), "Only tables and views are imported.");
	}
}

void warn_missing(const Import *import) {
	if (import->statement->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO)
		return;
	ListCell *cell;
	foreach (cell, import->statement->table_list) {
		const char *name = lfirst_node(RangeVar, cell)->relname;
		if (!list_has_name(import->names, name))
			warn_left_out(import, "table", name, "It does not exist there, or the account may not see it.");
	}
}

} // namespace

List *import_foreign_schema(ImportForeignSchemaStmt *statement, Oid server_oid) {
	if (statement->options != NIL)
		ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
						errmsg("invalid option \"%s\"", linitial_node(DefElem, statement->options)->defname),
						errhint("IMPORT FOREIGN SCHEMA has no options for servers of alkconv_fdw.")));
	pg::begin_printable(CurrentMemoryContext);
	Session *session = get_session(server_oid, GetUserId());
	const core::SourceSchema *schema = read_source_schema(session, statement->remote_schema);

	Import import = {};
	import.statement = statement;
	import.server = GetForeignServer(server_oid)->servername;
	import.database = schema->database.c_str();
	import.type = pg::own<std::string>(CurrentMemoryContext);
	for (const core::SourceTable &table : schema->tables)
		import_table(&import, "table", &table);
	for (const core::SourceObject &object : schema->objects)
		import_object(&import, session, &object);
	warn_missing(&import);
	pg::end_printable();
	return import.commands;
}

} // namespace alkconv::fdw
