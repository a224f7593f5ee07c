// Regime: C++ (may throw, never calls Postgres)
//
// Error numbers to codes, and what a message says and does not say.
#include "mysql/errors.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace alkconv::mysql {

using core::Code;

TEST(MySqlErrors, WhileConnecting) {
	const std::pair<unsigned, Code> cases[] = {
		{1045, Code::authentication_failed}, {1698, Code::authentication_failed}, {1130, Code::authentication_failed},
		{2059, Code::authentication_failed}, {3118, Code::authentication_failed}, {1049, Code::unknown_database},
		{1044, Code::source_privilege},		 {2002, Code::connection_failed},	  {2003, Code::connection_failed},
		{2005, Code::connection_failed},	 {2013, Code::connection_failed},	  {2006, Code::connection_failed},
		{1040, Code::connection_failed},	 {2026, Code::tls_refused},			  {3159, Code::tls_refused},
		{2008, Code::out_of_memory},
	};
	for (const auto &[number, code] : cases)
		EXPECT_EQ(CodeForFailure(number, Phase::connect), code) << number;
}

TEST(MySqlErrors, WhileWorking) {
	const std::pair<unsigned, Code> cases[] = {
		{2006, Code::connection_lost},	{2013, Code::connection_lost},	{2055, Code::connection_lost},
		{2026, Code::connection_lost},	{1053, Code::connection_lost},	{1927, Code::connection_lost},
		{4031, Code::connection_lost},	{1044, Code::source_privilege}, {1045, Code::source_privilege},
		{1142, Code::source_privilege}, {1143, Code::source_privilege}, {1227, Code::source_privilege},
		{1205, Code::source_timeout},	{1969, Code::source_timeout},	{3024, Code::source_timeout},
		{1317, Code::source_error},		{1064, Code::source_error},		{1146, Code::source_error},
		{1049, Code::unknown_database}, {2008, Code::out_of_memory},	{65000, Code::source_error},
	};
	for (const auto &[number, code] : cases)
		EXPECT_EQ(CodeForFailure(number, Phase::work), code) << number;
}

TEST(MySqlErrors, SayWhereAndWhatToDo) {
	ConnectOptions options;
	options.host = "db.example";
	options.port = 3307;
	options.user = "reader";
	options.password = "top-secret-9";
	options.database = "kratos";
	const std::vector<unsigned> connect = {1040, 1044, 1045, 1049, 1129, 2003, 2013, 2026, 2059, 3159};
	const std::vector<unsigned> work = {1044, 1045, 1146, 1205, 1317, 2013, 2020, 2026};
	for (const Phase phase : {Phase::connect, Phase::work})
		for (const unsigned number : phase == Phase::connect ? connect : work) {
			const core::Error e = MakeError({number, "as the server says"}, options, phase);
			EXPECT_NE(e.message().find("as the server says (" + std::to_string(number) + ')'), std::string::npos)
				<< e.message();
			EXPECT_EQ(e.detail(), "server db.example:3307, user \"reader\", database \"kratos\"");
			EXPECT_EQ((e.message() + e.detail() + e.hint()).find(options.password), std::string::npos);
			EXPECT_NE(e.hint(), "") << number;
		}
	EXPECT_NE(MakeError({1317, "x"}, options, Phase::work).hint().find("KILL QUERY"), std::string::npos);
	EXPECT_NE(MakeError({1045, "x"}, options, Phase::connect).hint().find("user mapping"), std::string::npos);
}

TEST(MySqlErrors, DescribesSocketsAndIPv6) {
	ConnectOptions options;
	options.user = "u";
	options.host = "::1";
	EXPECT_EQ(DescribeServer(options), "server [::1]:3306, user \"u\"");
	options.socket = "/run/m.sock";
	EXPECT_EQ(DescribeServer(options), "server /run/m.sock, user \"u\"");
}

} // namespace alkconv::mysql
