// Regime: C++ (may throw, never calls Postgres)
//
// What the live tests share: the server they run against, scratch databases, more servers on demand, threads counted.
#pragma once

#include "core/batch.hpp"
#include "core/status.hpp"
#include "mysql/connection.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace alkconv::live {

// From ALKCONV_TEST_MYSQL_HOST, _PORT, _USER and _PASSWORD; fails the program without them.
mysql::ConnectOptions ServerOptions();
// The same server as another of its accounts: "reader" (snapshots over several connections) or "plain" (SELECT only).
mysql::ConnectOptions ServerOptions(const std::string &user);
bool ServerIsMariaDb();

// What `call` throws; fails the test when it throws nothing or something else. The password must not be in it.
core::Error ErrorOf(const std::function<void()> &call);

// A query whose answer may have any shape.
mysql::TextResult Ask(mysql::Connection &connection, const std::string &sql);

// A database of its own per test.
class Scratch {
public:
	Scratch();
	~Scratch();
	const std::string &name() const noexcept { return name_; }
	// As root, with the database as default.
	const mysql::ConnectOptions &options() const noexcept { return options_; }
	mysql::ConnectOptions options(const std::string &user) const;
	mysql::Connection &admin() noexcept { return admin_; }
	void Run(const std::vector<std::string> &statements);

private:
	std::string name_;
	mysql::ConnectOptions options_;
	mysql::Connection admin_;
};

// Another server of the test bed with options of its own; stopped by the destructor.
class ExtraServer {
public:
	ExtraServer(const std::string &name, const std::vector<std::string> &server_options);
	~ExtraServer();
	mysql::ConnectOptions options() const;

private:
	std::string name_;
	uint16_t port_;
};

// A listening socket whose clients are accepted by the kernel and never answered.
class SilentServer {
public:
	SilentServer();
	~SilentServer();
	mysql::ConnectOptions options() const;

private:
	int socket_;
	uint16_t port_;
};

// The source's next answer, waited for as a backend does. Poll::empty only when nothing comes for 20 s.
core::Poll Next(core::BatchSource &source, core::RowBatch **batch);
// True when the server has ended that connection, or does within seconds.
bool ConnectionIsGone(uint64_t id);
// Standard output of a shell command; throws when it fails.
std::string RunCommand(const std::string &command);
// Threads of this process that it did not have when it started (a sanitizer has one of its own).
size_t ExtraThreads();
// Seconds that a call takes.
double Seconds(const std::function<void()> &call);

} // namespace alkconv::live
