// Regime: Postgres (may longjmp, never throws)
//
// One table of all options; validator and readers follow it. After postgres_fdw's option.c (17).
#include "fdw/options.hpp"

#include "fdw/wall_times.hpp"

#include "pg/boundary.hpp"
#include "pg/owned.hpp"

extern "C" {
#include "access/reloptions.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/varlena.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::fdw {

namespace {

enum class Kind : uint8_t {
	text,	  // anything
	name,	  // not empty
	path,	  // absolute path of a file on the Postgres server: for superusers
	port,	  // 1 to 65535
	seconds,  // 0 to a year
	timeout,  // 1 second to a day
	count,	  // 1 to 64
	ssl_mode, // mysql::ParseSslMode
	demand,	  // true or false, which takes a protection away: for superusers
	zone,	  // a time zone, or source
};

struct OptionRule {
	const char *name;
	Oid catalog;
	Kind kind;
};

constexpr OptionRule kOptions[] = {
	{"host", ForeignServerRelationId, Kind::name},
	{"port", ForeignServerRelationId, Kind::port},
	{"socket", ForeignServerRelationId, Kind::path},
	{"dbname", ForeignServerRelationId, Kind::name},
	{"ssl_mode", ForeignServerRelationId, Kind::ssl_mode},
	{"ssl_ca", ForeignServerRelationId, Kind::path},
	{"ssl_cert", ForeignServerRelationId, Kind::path},
	{"ssl_key", ForeignServerRelationId, Kind::path},
	{"connect_timeout", ForeignServerRelationId, Kind::timeout},
	{"read_timeout", ForeignServerRelationId, Kind::seconds},
	{"profile", ForeignServerRelationId, Kind::name},
	{"target_schema", ForeignServerRelationId, Kind::name},
	{"readers", ForeignServerRelationId, Kind::count},
	{"time_zone", ForeignServerRelationId, Kind::zone},
	{"username", UserMappingRelationId, Kind::name},
	{"password", UserMappingRelationId, Kind::text},
	{"password_required", UserMappingRelationId, Kind::demand},
	{"dbname", ForeignTableRelationId, Kind::name},
	{"table_name", ForeignTableRelationId, Kind::name},
	{"column_name", AttributeRelationId, Kind::name},
};

const OptionRule *find_rule(Oid catalog, const char *name) {
	for (const OptionRule &rule : kOptions)
		if (rule.catalog == catalog && strcmp(rule.name, name) == 0)
			return &rule;
	return nullptr;
}

const char *object_of(Oid catalog) {
	switch (catalog) {
	case ForeignServerRelationId: return "servers";
	case UserMappingRelationId: return "user mappings";
	case ForeignTableRelationId: return "foreign tables";
	case AttributeRelationId: return "columns of foreign tables";
	default: return "the foreign-data wrapper";
	}
}

// The valid option that the user may have meant, or null; the rule is that of ClosestMatch (varlena.c, 16), which 15
// lacks.
const char *closest_option(Oid catalog, const char *name) {
	constexpr int kMaxDistance = 4;
	const int length = static_cast<int>(strlen(name));
	const char *best = nullptr;
	int best_distance = kMaxDistance + 1;
	if (length >= NAMEDATALEN)
		return nullptr;
	for (const OptionRule &rule : kOptions) {
		if (rule.catalog != catalog)
			continue;
		const int distance = varstr_levenshtein_less_equal(name, length, rule.name, static_cast<int>(strlen(rule.name)),
														   1, 1, 1, kMaxDistance, true);
		if (distance < best_distance && distance <= length / 2) {
			best = rule.name;
			best_distance = distance;
		}
	}
	return best;
}

[[noreturn]] void raise_unknown_option(Oid catalog, const char *name) {
	StringInfoData hint;
	initStringInfo(&hint);
	const char *closest = closest_option(catalog, name);
	if (closest != nullptr)
		appendStringInfo(&hint, "Perhaps you meant the option \"%s\". ", closest);
	const char *separator = "Valid options of ";
	for (const OptionRule &rule : kOptions) {
		if (rule.catalog != catalog)
			continue;
		if (separator[0] != ',')
			appendStringInfo(&hint, "%s%s are: %s", separator, object_of(catalog), rule.name);
		else
			appendStringInfo(&hint, "%s%s", separator, rule.name);
		separator = ", ";
	}
	if (separator[0] != ',')
		appendStringInfo(&hint, "There are no options of %s.", object_of(catalog));
	else
		appendStringInfoChar(&hint, '.');
	ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_OPTION_NAME), errmsg("invalid option \"%s\"", name),
					errhint("%s", hint.data)));
	pg_unreachable();
}

[[noreturn]] void raise_invalid_value(const char *name, const char *value, const char *hint) {
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("invalid value for option \"%s\": \"%s\"", name, value), errhint("%s", hint)));
	pg_unreachable();
}

// Digits only: no signs, units, blanks or hexadecimal numbers. -1 for anything else and beyond nine digits.
int parse_number(const char *value) {
	const size_t length = strlen(value);
	if (length == 0 || length > 9 || strspn(value, "0123456789") != length)
		return -1;
	return atoi(value);
}

void check_number(const char *name, const char *value, int lowest, int highest, const char *unit) {
	const int number = parse_number(value);
	if (number < lowest || number > highest)
		raise_invalid_value(name, value, psprintf("It is a number%s from %d to %d.", unit, lowest, highest));
}

void check_path(const char *name, const char *value) {
	if (!superuser())
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("only superusers may set option \"%s\"", name),
						errdetail("It makes the Postgres server open a file or socket with its own rights."),
						errhint("Have a superuser create or alter the server.")));
	if (!is_absolute_path(value))
		raise_invalid_value(name, value, "It is an absolute path on the machine of the Postgres server.");
}

// Whoever alters a mapping in which a superuser has set it to false must be one too: the validator sees all options of the mapping.
void check_demand(const char *name, const char *value) {
	bool demanded;
	if (!parse_bool(value, &demanded))
		raise_invalid_value(name, value, "It is true or false.");
	if (!demanded && !superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only superusers may set option \"%s\" to false, or alter a user mapping that has it so", name),
				 errdetail("It lets others connect by what belongs to the Postgres server: its operating system "
						   "account or its certificate."),
				 errhint("Leave it out, and name a password.")));
}

void check_value(const OptionRule *rule, const char *value) {
	switch (rule->kind) {
	case Kind::text: break;
	case Kind::name:
		if (value[0] == '\0')
			raise_invalid_value(rule->name, value, "It must not be empty; leave the option away for the default.");
		break;
	case Kind::path: check_path(rule->name, value); break;
	case Kind::port: check_number(rule->name, value, 1, 65535, ""); break;
	case Kind::seconds: check_number(rule->name, value, 0, 31536000, " of seconds"); break;
	case Kind::timeout: check_number(rule->name, value, 1, 86400, " of seconds"); break;
	case Kind::count: check_number(rule->name, value, 1, 64, ""); break;
	case Kind::demand: check_demand(rule->name, value); break;
	case Kind::ssl_mode: pg::edge([&] { mysql::ParseSslMode(value); }); break;
	case Kind::zone: check_time_zone_option(value); break;
	}
}

// C++: copies one option to where the connection looks for it. Options that do not concern connections are passed over.
void ApplyOption(mysql::ConnectOptions &options, std::string_view name, const char *value) {
	if (name == "host")
		options.host = value;
	else if (name == "port")
		options.port = static_cast<uint16_t>(parse_number(value));
	else if (name == "socket")
		options.socket = value;
	else if (name == "dbname")
		options.database = value;
	else if (name == "username")
		options.user = value;
	else if (name == "password")
		options.password = value;
	else if (name == "ssl_mode")
		options.ssl_mode = mysql::ParseSslMode(value);
	else if (name == "ssl_ca")
		options.ssl_ca = value;
	else if (name == "ssl_cert")
		options.ssl_cert = value;
	else if (name == "ssl_key")
		options.ssl_key = value;
	else if (name == "connect_timeout")
		options.connect_timeout = static_cast<uint32_t>(parse_number(value));
	else if (name == "read_timeout")
		options.read_timeout = static_cast<uint32_t>(parse_number(value));
}

const char *find_option(List *options, const char *name) {
	ListCell *cell;
	foreach (cell, options) {
		auto *option = lfirst_node(DefElem, cell);
		if (strcmp(option->defname, name) == 0)
			return defGetString(option);
	}
	return nullptr;
}

bool has_user_mapping(Oid server, Oid role) {
	return SearchSysCacheExists2(USERMAPPINGUSERSERVER, ObjectIdGetDatum(role), ObjectIdGetDatum(server)) ||
		   SearchSysCacheExists2(USERMAPPINGUSERSERVER, ObjectIdGetDatum(InvalidOid), ObjectIdGetDatum(server));
}

// Does the mapping's password have to be what lets the connection in? After check_conn_params (connection.c of postgres_fdw, 17): whoever uses the
// mapping must be a superuser, or a superuser must have said so in the mapping.
bool is_password_required(const UserMapping *mapping, Oid role) {
	const char *value = find_option(mapping->options, "password_required");
	bool required = true;
	if (value != nullptr && !parse_bool(value, &required))
		required = true;
	return required && !superuser_arg(role);
}

[[noreturn]] void refuse_borrowed_identity(const ForeignServer *server, const char *option, const char *detail) {
	ereport(ERROR, (errcode(ERRCODE_S_R_E_PROHIBITED_SQL_STATEMENT_ATTEMPTED),
					errmsg("server \"%s\" has option \"%s\", by which only superusers may connect", server->servername,
						   option),
					errdetail("%s", detail),
					errhint("Use a server with host and port and without that option, or have a superuser set "
							"password_required 'false' in the user mapping.")));
	pg_unreachable();
}

// The server in MySQL does not say what let a connection in, and an account may ignore the password it is given: so what lets in by itself is refused.
void require_password(const ForeignServer *server, const UserMapping *mapping, Oid role) {
	if (!is_password_required(mapping, role))
		return;
	const char *password = find_option(mapping->options, "password");
	if (password == nullptr || password[0] == '\0')
		ereport(ERROR, (errcode(ERRCODE_S_R_E_PROHIBITED_SQL_STATEMENT_ATTEMPTED),
						errmsg("the user mapping for server \"%s\" must have a password", server->servername),
						errdetail("Without one, MySQL may let the connection in as the operating system's user or by "
								  "the certificate of the Postgres server, which only superusers may borrow."),
						errhint("ALTER USER MAPPING FOR ... SERVER %s OPTIONS (ADD password '...');",
								quote_identifier(server->servername))));
	if (find_option(server->options, "socket") != nullptr)
		refuse_borrowed_identity(
			server, "socket",
			"Over a socket, MySQL may let the connection in as the operating system account of the "
			"Postgres server, whatever the password is.");
	for (const char *option : {"ssl_cert", "ssl_key"})
		if (find_option(server->options, option) != nullptr)
			refuse_borrowed_identity(server, option,
									 "MySQL may let the connection in by the certificate of the Postgres server.");
}

void apply_options(mysql::ConnectOptions *result, List *options) {
	ListCell *cell;
	foreach (cell, options) {
		auto *option = lfirst_node(DefElem, cell);
		const char *value = defGetString(option);
		pg::edge([&] { ApplyOption(*result, option->defname, value); });
	}
}

} // namespace

mysql::ConnectOptions *get_connect_options(MemoryContext context, Oid server_oid, Oid role, Oid *mapping_oid) {
	const ForeignServer *server = GetForeignServer(server_oid);
	if (!has_user_mapping(server_oid, role)) {
		const char *role_name = quote_identifier(GetUserNameFromId(role, false));
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("server \"%s\" has no user mapping for role %s", server->servername, role_name),
						errhint("CREATE USER MAPPING FOR %s SERVER %s OPTIONS (username '...', password '...');",
								role_name, quote_identifier(server->servername))));
	}
	const UserMapping *mapping = GetUserMapping(role, server_oid);
	if (mapping_oid != nullptr)
		*mapping_oid = mapping->umid;

	require_password(server, mapping, role);

	auto *result = pg::own<mysql::ConnectOptions>(context);
	apply_options(result, server->options);
	apply_options(result, mapping->options);
	return result;
}

const char *get_server_option(Oid server, const char *name) {
	return find_option(GetForeignServer(server)->options, name);
}

RemoteTable get_remote_table(Oid relation) {
	const ForeignTable *table = GetForeignTable(relation);
	RemoteTable result;
	result.server = table->serverid;
	result.table = find_option(table->options, "table_name");
	if (result.table == nullptr)
		result.table = get_rel_name(relation);
	result.database = find_option(table->options, "dbname");
	if (result.database == nullptr)
		result.database = get_server_option(table->serverid, "dbname");
	if (result.database == nullptr)
		ereport(ERROR, (errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
						errmsg("foreign table \"%s\" does not say which database to read", get_rel_name(relation)),
						errhint("Set option dbname of the foreign table or of its server.")));
	return result;
}

const char *get_remote_column(Oid relation, AttrNumber attribute) {
	const char *name = find_option(GetForeignColumnOptions(relation, attribute), "column_name");
	return name != nullptr ? name : get_attname(relation, attribute, false);
}

} // namespace alkconv::fdw

extern "C" {

PG_FUNCTION_INFO_V1(alkconv_fdw_validator);

// alkconv_fdw_validator(options text[], catalog oid) returns void
Datum alkconv_fdw_validator(PG_FUNCTION_ARGS) {
	using namespace alkconv::fdw;
	List *options = untransformRelOptions(PG_GETARG_DATUM(0));
	const Oid catalog = PG_GETARG_OID(1);
	ListCell *cell;
	foreach (cell, options) {
		auto *option = lfirst_node(DefElem, cell);
		const OptionRule *rule = find_rule(catalog, option->defname);
		if (rule == nullptr)
			raise_unknown_option(catalog, option->defname);
		check_value(rule, defGetString(option));
	}
	PG_RETURN_VOID();
}

} // extern "C"
