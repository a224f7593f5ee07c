// Regime: C++ (may throw, never calls Postgres)
//
// GRANT privileges ON object TO account: the object is *.*, `database`.* with LIKE's wildcards, a table, or a routine. REVOKE privileges ON
// `database`.* FROM account (MySQL's partial revokes) takes away from what *.* gives. GRANT role TO account has no object.
#include "mysql/grants.hpp"

#include "core/rules.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace alkconv::mysql {

namespace {

using Privileges = std::set<std::string, std::less<>>;

struct Grant {
	bool revoke = false;
	std::string_view privileges; // with lists of columns
	std::string_view object;
	std::string_view account;
};

// Looks for `wanted` outside of backticks and parentheses.
size_t FindPlain(std::string_view text, std::string_view wanted, size_t start = 0) {
	bool quoted = false;
	size_t depth = 0;
	for (size_t at = start; at < text.size(); ++at) {
		if (!quoted && depth == 0 && text.substr(at, wanted.size()) == wanted)
			return at;
		if (text[at] == '`')
			quoted = !quoted; // a doubled one twice
		else if (!quoted && text[at] == '(')
			++depth;
		else if (!quoted && text[at] == ')' && depth > 0)
			--depth;
	}
	return std::string_view::npos;
}

// Nothing for a line without an object: of a role, of a default role.
std::optional<Grant> ParseGrant(std::string_view line) {
	Grant grant;
	grant.revoke = line.substr(0, 7) == "REVOKE ";
	if (!grant.revoke && line.substr(0, 6) != "GRANT ")
		return std::nullopt;
	line.remove_prefix(grant.revoke ? 7 : 6);
	const size_t on = FindPlain(line, " ON ");
	if (on == std::string_view::npos)
		return std::nullopt;
	grant.privileges = line.substr(0, on);
	grant.object = line.substr(on + 4);
	const std::string_view to = grant.revoke ? " FROM " : " TO ";
	const size_t end = FindPlain(grant.object, to);
	if (end == std::string_view::npos)
		return std::nullopt;
	grant.account = grant.object.substr(end + to.size());
	grant.account = grant.account.substr(0, FindPlain(grant.account, " "));
	grant.object = grant.object.substr(0, end);
	return grant;
}

// Those on the whole object; what is given on columns only is left out.
Privileges WholePrivileges(std::string_view list) {
	Privileges privileges;
	for (size_t start = 0; start < list.size();) {
		const size_t end = std::min(FindPlain(list, ", ", start), list.size());
		const std::string_view privilege = list.substr(start, end - start);
		if (privilege.find('(') == std::string_view::npos)
			privileges.emplace(privilege);
		start = end + 2;
	}
	return privileges;
}

// The name in backticks that starts the text, its doubled backticks undone; what follows it stays in `rest`.
std::string Unquoted(std::string_view text, std::string_view &rest) {
	std::string name;
	size_t at = 1;
	for (; at < text.size(); ++at) {
		if (text[at] == '`' && (at + 1 >= text.size() || text[at + 1] != '`'))
			break;
		at += text[at] == '`' ? 1 : 0;
		name += text[at];
	}
	rest = at < text.size() ? text.substr(at + 1) : std::string_view();
	return name;
}

// `database`.* gives the pattern of its name.
std::optional<std::string> DatabasePattern(std::string_view object) {
	if (object.empty() || object[0] != '`')
		return std::nullopt;
	std::string_view rest;
	std::string pattern = Unquoted(object, rest);
	return rest == ".*" ? std::optional<std::string>(std::move(pattern)) : std::nullopt;
}

// `database`.`table` gives the table.
std::optional<std::string> TableOf(std::string_view object, const std::string &database) {
	if (object.empty() || object[0] != '`')
		return std::nullopt;
	std::string_view rest;
	if (Unquoted(object, rest) != database || rest.substr(0, 2) != ".`")
		return std::nullopt;
	return Unquoted(rest.substr(1), rest);
}

// The server takes the pattern whose first wildcard comes last, and no other.
size_t Specificity(std::string_view pattern) {
	for (size_t at = 0; at < pattern.size(); ++at) {
		if (pattern[at] == '\\')
			++at;
		else if (pattern[at] == '%' || pattern[at] == '_')
			return at;
	}
	return std::string_view::npos;
}

bool Has(const Privileges &privileges, std::string_view wanted) {
	return privileges.count(wanted) > 0 || privileges.count("ALL PRIVILEGES") > 0;
}

// What the lines give in one database.
class Account {
public:
	Account(const std::vector<std::string> &grants, const std::string &database) : database_(database) {
		for (const std::string &line : grants)
			if (const std::optional<Grant> grant = ParseGrant(line))
				Take(*grant);
	}

	bool Everywhere(std::string_view privilege) const {
		return Has(everywhere_, privilege) && !Has(revoked_, privilege);
	}
	bool OnDatabase(std::string_view privilege) const {
		return Everywhere(privilege) || std::any_of(on_database_.begin(), on_database_.end(), [&](const auto &account) {
				   return Has(account.second.privileges, privilege);
			   });
	}
	std::vector<std::string> TablesWith(std::string_view privilege) const {
		std::vector<std::string> tables;
		for (const auto &[table, privileges] : on_tables_)
			if (Has(privileges, privilege))
				tables.push_back(table);
		return tables;
	}

private:
	struct OfPattern {
		std::string pattern;
		Privileges privileges;
	};

	void Take(const Grant &grant) {
		const Privileges privileges = WholePrivileges(grant.privileges);
		const std::optional<std::string> pattern = DatabasePattern(grant.object);
		if (grant.revoke && pattern == database_)
			revoked_.insert(privileges.begin(), privileges.end());
		else if (grant.revoke)
			return;
		else if (grant.object == "*.*")
			everywhere_.insert(privileges.begin(), privileges.end());
		else if (pattern && core::LikeMatches(*pattern, database_))
			TakeOnDatabase(std::string(grant.account), *pattern, privileges);
		else if (const std::optional<std::string> table = TableOf(grant.object, database_))
			on_tables_[*table].insert(privileges.begin(), privileges.end());
	}

	void TakeOnDatabase(const std::string &account, const std::string &pattern, const Privileges &privileges) {
		OfPattern &known = on_database_[account];
		if (known.pattern == pattern)
			known.privileges.insert(privileges.begin(), privileges.end());
		else if (known.pattern.empty() || Specificity(pattern) > Specificity(known.pattern))
			known = {pattern, privileges};
	}

	const std::string &database_;
	Privileges everywhere_, revoked_;
	std::map<std::string, OfPattern> on_database_; // by account: the user, its roles
	std::map<std::string, Privileges> on_tables_;
};

bool SeesRoutines(const Account &account, bool mariadb) {
	if (account.Everywhere("SELECT") || (!mariadb && account.Everywhere("SHOW_ROUTINE")))
		return true;
	for (const std::string_view privilege : {"EXECUTE", "ALTER ROUTINE", "CREATE ROUTINE", "SHOW CREATE ROUTINE"})
		if (account.OnDatabase(privilege))
			return true;
	return false;
}

} // namespace

bool MayHoldWriters(const std::vector<std::string> &grants, const std::string &database) {
	const Account account(grants, database);
	return account.OnDatabase("LOCK TABLES") || account.Everywhere("RELOAD");
}

core::SourceSight SightOf(const std::vector<std::string> &grants, const std::string &database, bool mariadb) {
	const Account account(grants, database);
	core::SourceSight sight;
	sight.known = !grants.empty();
	sight.database = account.OnDatabase("SELECT");
	if (!sight.database)
		sight.whole_tables = account.TablesWith("SELECT");
	sight.triggers = account.OnDatabase("TRIGGER");
	sight.routines = SeesRoutines(account, mariadb);
	sight.events = account.OnDatabase("EVENT");
	sight.view_texts = account.OnDatabase("SHOW VIEW");
	return sight;
}

} // namespace alkconv::mysql
