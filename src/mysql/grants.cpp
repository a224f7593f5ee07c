// Regime: C++ (may throw, never calls Postgres)
//
// GRANT privileges ON object TO account: the object is *.*, `database`.* with LIKE's wildcards, or a table.
#include "mysql/grants.hpp"

#include "core/rules.hpp"

#include <algorithm>
#include <string_view>

namespace alkconv::mysql {

namespace {

constexpr std::string_view kGrant = "GRANT ", kOn = " ON ";

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

bool Covers(std::string_view object, const std::string &database) {
	if (object.substr(0, 3) == "*.*")
		return true;
	if (object.empty() || object[0] != '`')
		return false;
	std::string_view rest;
	const std::string pattern = Unquoted(object, rest);
	return rest.substr(0, 2) == ".*" && core::LikeMatches(pattern, database);
}

bool Gives(std::string_view privileges, std::string_view wanted) {
	for (size_t start = 0; start < privileges.size();) {
		const size_t end = std::min(privileges.find(',', start), privileges.size());
		if (privileges.substr(start, end - start) == wanted)
			return true;
		start = end + 2 > privileges.size() ? privileges.size() : end + 2; // ", "
	}
	return false;
}

} // namespace

bool MayHoldWriters(const std::vector<std::string> &grants, const std::string &database) {
	for (const std::string_view grant : grants) {
		const size_t on = grant.find(kOn);
		if (grant.substr(0, kGrant.size()) != kGrant || on == std::string_view::npos)
			continue; // of a role
		const std::string_view privileges = grant.substr(kGrant.size(), on - kGrant.size());
		const std::string_view object = grant.substr(on + kOn.size());
		const bool everywhere = object.substr(0, 3) == "*.*";
		if (Covers(object, database) && (Gives(privileges, "ALL PRIVILEGES") || Gives(privileges, "LOCK TABLES")))
			return true;
		if (everywhere && Gives(privileges, "RELOAD"))
			return true;
	}
	return false;
}

} // namespace alkconv::mysql
