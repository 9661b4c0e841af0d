// The program: subcommands and their options. Exit status: 0 done, 1 refused or not proved, 2 wrong
// use, 3 a fault of the machine.
#include "api/contract.hpp"
#include "apps/assess_command.hpp"
#include "apps/backup.hpp"
#include "apps/by_hand.hpp"
#include "apps/check.hpp"
#include "apps/control.hpp"
#include "apps/demo.hpp"
#include "apps/drill.hpp"
#include "apps/founders_command.hpp"
#include "apps/law_command.hpp"
#include "apps/monitor.hpp"
#include "apps/now.hpp"
#include "apps/oversight_command.hpp"
#include "apps/plan_command.hpp"
#include "apps/release_command.hpp"
#include "apps/serve.hpp"
#include "apps/setup.hpp"
#include "apps/stats_command.hpp"
#include "apps/verify.hpp"
#include "apps/webhooks_command.hpp"
#include "base/fault.hpp"
#include "crypto/wipe.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace comity::apps {

namespace {

int refused(const Refusal& refusal) {
    fmt::print(stderr, "comity: {}\n", refusal.text());
    return 1;
}

int init(const std::string& dir, const std::string& plan_file) {
    const auto text = read_file(plan_file);
    if (!text) return refused(text.error());
    const auto plan = parse_plan(*text);
    if (!plan) return refused(plan.error());
    const auto made = create_node(dir, *plan, system_now());
    if (!made) return refused(made.error());
    if (!plan->founders.front().passkey) {
        fmt::print(
            "Created {}. Next: comity serve --dir {}, and then: comity founders invite --dir {}\n",
            dir, dir, dir);
        return 0;
    }
    fmt::print(
        "Created {}. Next: have {}/participant.json entered in the directory, then run: comity serve --dir {}\n",
        dir, dir, dir);
    return 0;
}

// Prints what the control socket answers.
int show(const std::string& dir, const std::string& path) {
    const auto answer = Control(dir).get(path);
    if (!answer) return refused(answer.error());
    fmt::print("{}", json::pretty(*answer));
    return 0;
}

int list_cases(const std::string& dir, bool as_json) {
    const auto answer = Control(dir).get("/cases");
    if (!answer) return refused(answer.error());
    if (as_json) {
        fmt::print("{}", json::pretty(*answer));
        return 0;
    }
    for (const auto& item : answer->at("cases").as_array()) {
        const auto& owed = item.at("owed").as_array();
        fmt::print(
            "{}  {} -> {}  {} acts, kept by {}{}\n", item.at("case").as_string().c_str(),
            item.at("requesting").as_string().c_str(), item.at("requested").as_string().c_str(),
            item.at("acts").as_int64(), item.at("keeper").as_string().c_str(),
            owed.empty() ? std::string(", at rest")
                         : fmt::format(
                               ", owes {} by {}", owed.front().at("act").as_string().c_str(),
                               owed.front().at("due").as_string().c_str()));
    }
    return 0;
}

// Field by field: what was asked, what was answered, and what changed.
void show_clarifications(const json::Array& rounds) {
    for (const auto& round : rounds)
        for (const auto& line : round.as_array()) {
            const auto text = [&](const char* name) {
                const auto* value = line.as_object().if_contains(name);
                return value ? std::string(value->as_string()) : std::string();
            };
            fmt::print("     {} ({}): {}\n", text("field"), text("code"), text("question"));
            if (text("answer").empty()) {
                fmt::print("       not answered yet\n");
                continue;
            }
            fmt::print("       {}\n", text("answer"));
            if (!text("before").empty()) fmt::print("     - {}\n", text("before"));
            if (!text("after").empty()) fmt::print("     + {}\n", text("after"));
        }
}

int show_case(const std::string& dir, const std::string& id, bool as_json) {
    const auto answer = Control(dir).get("/cases/" + id);
    if (!answer) return refused(answer.error());
    if (as_json) {
        fmt::print("{}", json::pretty(*answer));
        return 0;
    }
    for (const auto& act : answer->at("timeline").as_array())
        fmt::print(
            "{:>3}  {}  {}\n", act.at("sequence").as_int64(),
            act.at("admitted").as_string().c_str(), act.at("sentence").as_string().c_str());
    for (const auto& item : answer->at("owed").as_array()) {
        const auto* paused = item.as_object().if_contains("paused_by");
        fmt::print(
            "     owed: {} by {}{}\n", item.at("act").as_string().c_str(),
            item.at("due").as_string().c_str(),
            paused ? fmt::format(
                         ", the clock stands still until: {}",
                         paused->as_array().front().as_string().c_str())
                   : std::string());
    }
    show_clarifications(answer->at("clarifications").as_array());
    return 0;
}

int export_case(const std::string& dir, const std::string& id, const std::string& file) {
    const auto bundle = Control(dir).raw("GET", "/cases/" + id + "/bundle", {});
    if (!bundle) return refused(bundle.error());
    write_new_file(file, *bundle, true);
    fmt::print("{}\n", file);
    return 0;
}

struct Arguments {
    std::string dir = ".";
    std::string plan;
    std::string file;
    std::string id;
    std::string evidence;
    std::string key;
    std::string certificate;
    std::string witnesses;
    std::string directory_hash;
    std::string which;
    std::string languages = "en,fr";
    bool json = false;
    bool quiet = false;
    std::string host;
    std::vector<std::string> to;
    DemoOptions demo;
    LawOptions laws;
    DirectoryDraft draft;
    Enrolling enrolling;
    Acting acting;
};

int write_letter(const Arguments& a) {
    const auto pdf = Control(a.dir).raw(
        "GET", fmt::format("/cases/{}/letters/{}?languages={}", a.id, a.which, a.languages), {});
    if (!pdf) return refused(pdf.error());
    write_new_file(a.file, *pdf, true);
    fmt::print("{}\n", a.file);
    return 0;
}

int refusals() {
    for (const auto& entry : refusal_table())
        fmt::print("{}\t{}\t{}\t{}\n", entry.name, entry.rule, entry.source, entry.remedy);
    return 0;
}

int done(const Result<void>& result) {
    return result ? 0 : refused(result.error());
}

int verify_file(std::string_view kind, const Arguments& a) {
    const auto given = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional<std::string>(text);
    };
    VerifyOptions options;
    options.evidence = given(a.evidence);
    options.directory_hash = given(a.directory_hash);
    options.key = given(a.key);
    options.certificate = given(a.certificate);
    options.witnesses = given(a.witnesses);
    return run_verify(kind, a.file, options, a.json);
}

void add_case(Command app, Arguments& a, std::function<int()>& run) {
    auto cases = app.add_subcommand("case", "Look at cases of a running node");
    cases.require_subcommand(1);
    const auto add = [&](const char* name, const char* what, bool id, std::function<int()> work) {
        auto command = cases.add_subcommand(name, what);
        command.add_option("--dir", a.dir, "the node's directory").required();
        command.add_flag("--json", a.json, "print JSON");
        if (id) command.add_option("case", a.id, "the case").required();
        command.callback([&run, work = std::move(work)] { run = work; });
        return command;
    };
    add("list", "Cases, the latest first", false, [&a] { return list_cases(a.dir, a.json); });
    add("show", "One case with its timeline", true,
        [&a] { return show_case(a.dir, a.id, a.json); });
    add("custody", "Who held what, when, under which act", true,
        [&a] { return show(a.dir, "/cases/" + a.id + "/custody"); });
    add("export", "Write the whole case with its proofs to a file", true,
        [&a] { return export_case(a.dir, a.id, a.file); })
        .add_option("--out", a.file, "the file to create")
        .required();
    auto letter =
        add("letter", "Print an act, its receipt or the custody as a letter (PDF)", true,
            [&a] { return write_letter(a); });
    letter.add_option("--act", a.which, "the act's number, receipt-N, or custody").required();
    letter.add_option(
        "--languages", a.languages, "the writer's and the reader's, for example en,fr");
    letter.add_option("--out", a.file, "the file to create").required();
    add("worklist", "What is owed, by deadline", false, [&a] { return show(a.dir, "/worklist"); });
    add("outbox", "What waits for other nodes", false, [&a] { return show(a.dir, "/outbox"); });
}

void add_verify(Command app, Arguments& a, std::function<int()>& run) {
    auto verify =
        app.add_subcommand("verify", "Check files offline; exit status 0 only if everything holds");
    verify.require_subcommand(1);
    auto bundle = verify.add_subcommand(
        "bundle", "A case export: comity verify bundle case.bundle --evidence case.evidence");
    bundle.add_option("file", a.file, "the bundle").required();
    bundle.add_option("--evidence", a.evidence, "directory with ciphertexts and envelopes");
    bundle.add_option("--key", a.key, "recipient's private key (PEM), to open the evidence");
    bundle.add_option("--cert", a.certificate, "recipient's certificate (PEM)");
    bundle.add_option("--directory", a.directory_hash, "hash of the directory that is trusted");
    bundle.add_flag("--json", a.json, "print JSON");
    bundle.callback([&] {
        run = [&a] {
            return verify_file("bundle", a);
        };
    });
    auto record = verify.add_subcommand("record", "A record's files: checkpoint, tiles, entries");
    record.add_option("dir", a.file, "the record's directory").required();
    record.add_option("--witnesses", a.witnesses, "file with the witnesses' verifier keys");
    record.add_flag("--json", a.json, "print JSON");
    record.callback([&] {
        run = [&a] {
            return verify_file("record", a);
        };
    });
}

void add_monitor(Command app, std::function<int()>& run) {
    const auto kept = std::make_shared<MonitorCommand>();
    auto& m = *kept;
    auto monitor = app.add_subcommand(
        "monitor", "Check public records from outside; exit status 0 only if all is well and "
                   "nothing is overdue");
    monitor.add_option("record", m.places, "[COUNTRY=]URL or directory of a record");
    monitor.add_option(
        "--directory", m.directory, "signed directory: whom to watch, keys, witnesses");
    monitor.add_option("--policy", m.policy, "C2SP tlog-policy: logs, witnesses and how many");
    monitor.add_option("--state", m.state, "where the monitor keeps what it saw, and evidence");
    monitor.add_option("--pin", m.pins, "SHA-256 of a server's certificate, hexadecimal");
    monitor.add_option("--date", m.date, "overdue as of this day; today without it");
    monitor.add_option("--fresh", m.fresh_hours, "hours after which a record is stale");
    monitor.add_flag("--whole", m.whole, "read every leaf again");
    monitor.add_option("--evidence", m.evidence, "check a file of evidence, with --vkey");
    monitor.add_option("--vkey", m.vkey, "the verifier key of the log, or of the one record named");
    monitor.add_flag("--json", m.as_json, "print JSON");
    monitor.callback([kept, &run] {
        run = [kept] {
            return run_monitor(*kept, system_now());
        };
    });
}

void add_node(Command app, Arguments& a, std::function<int()>& run) {
    auto init_command =
        app.add_subcommand("init", "Create a node: comity init --dir DIR --plan plan.json");
    init_command.add_option("--dir", a.dir, "the directory to create").required();
    init_command
        .add_option(
            "--plan", a.plan, "who the node is, with its first two people (docs/operations.md)")
        .required();
    init_command.callback([&] {
        run = [&a] {
            return init(a.dir, a.plan);
        };
    });
    auto serve_command = app.add_subcommand("serve", "Run a node until SIGTERM or Ctrl-C");
    serve_command.add_option("--dir", a.dir, "the node's directory").required();
    serve_command.add_flag("--quiet", a.quiet, "no log");
    serve_command.callback([&] {
        run = [&a] {
            return serve(a.dir, a.quiet);
        };
    });
    // Started by the practice world for its own nodes; refuses every other.
    auto practice_command = app.add_subcommand("practice-node", "A node of the practice world");
    practice_command.hide();
    practice_command.add_option("--dir", a.dir, "the node's directory").required();
    practice_command.callback([&] {
        run = [&a] {
            return serve_practice(a.dir);
        };
    });
    auto check_command = app.add_subcommand(
        "check", "Test settings, keys, database, directory, clock and peers, and say what to mend");
    check_command.add_option("--dir", a.dir, "the node's directory").required();
    check_command.callback([&] {
        run = [&a] {
            return check(a.dir);
        };
    });
    auto demo_command = app.add_subcommand(
        "demo", "The practice world: one request, end to end, between real nodes");
    demo_command.add_flag("--once", a.demo.once, "end when the case is proved");
    demo_command.add_option("--dir", a.demo.dir, "where the nodes keep their data");
    demo_command.add_option("--law", a.demo.law, "the law pack");
    demo_command.add_option(
        "--story", a.demo.story,
        "ordinary, emergency, extraordinary, refused, challenged, dismissed, all, or none");
    demo_command.add_option(
        "--chaos", a.demo.chaos, "kill nodes at random moments under this seed");
    demo_command.callback([&] {
        run = [&a] {
            return demo(a.demo);
        };
    });
}

void add_backup(Command app, Arguments& a, std::function<int()>& run) {
    auto backup = app.add_subcommand(
        "backup", "One file, encrypted to two or more: comity backup DIR FILE --to CERT --to CERT");
    backup.add_option("dir", a.dir, "the node's directory; the node may be running").required();
    backup.add_option("file", a.file, "the file to create").required();
    backup.add_option("--to", a.to, "a recipient's certificate (PEM)").required();
    backup.callback([&] {
        run = [&a] {
            return done(back_up(a.dir, a.file, a.to));
        };
    });
    auto again = app.add_subcommand(
        "restore", "Make a node of a back-up: comity restore FILE DIR --key KEY --cert CERT");
    again.add_option("file", a.file, "the back-up").required();
    again.add_option("dir", a.dir, "the directory to create").required();
    again.add_option("--key", a.key, "a recipient's private key (PEM)").required();
    again.add_option("--cert", a.certificate, "that recipient's certificate (PEM)").required();
    again.callback([&] {
        run = [&a] {
            return done(restore(a.file, a.dir, a.key, a.certificate));
        };
    });
}

void add_by_hand(Command app, Arguments& a, std::function<int()>& run) {
    auto passkey = app.add_subcommand(
        "passkey", "Create a passkey in software: comity passkey --out FILE --host HOST");
    passkey.add_option("--out", a.file, "the file to create, for its owner only").required();
    passkey.add_option("--host", a.host, "the node's host, as in its plan").required();
    passkey.callback([&] {
        run = [&a] {
            return done(create_passkey(a.file, a.host));
        };
    });

    auto directory = app.add_subcommand("directory", "Draft, sign and install the directory");
    directory.require_subcommand(1);
    auto draft = directory.add_subcommand("draft", "Write the document that the members sign");
    draft.add_option("--federation", a.draft.federation, "its name").required();
    draft.add_option("--participant", a.draft.participants, "participant.json of each node")
        .required();
    draft.add_option("--witness", a.draft.witnesses, "participant=vkey-file");
    draft.add_option("--threshold", a.draft.threshold, "members that have to sign");
    draft.add_option("--number", a.draft.version, "the directory's version");
    draft.add_option("--rules", a.draft.rules, "file with the rates and the extraordinary route");
    draft.add_option("--days", a.draft.days, "until it expires");
    draft.add_option("--law", a.draft.law, "the law pack");
    draft.add_option("--out", a.draft.out, "the file to create").required();
    draft.callback([&] {
        run = [&a] {
            return done(draft_directory(a.draft));
        };
    });
    auto sign = directory.add_subcommand("sign", "Add this member's signature");
    sign.add_option("--dir", a.dir, "the node's directory").required();
    sign.add_option("--in", a.file, "the draft, or what others signed").required();
    sign.add_option("--out", a.plan, "the file to create").required();
    sign.callback([&] {
        run = [&a] {
            return done(sign_directory(a.dir, a.file, a.plan));
        };
    });
    auto install = directory.add_subcommand("install", "Give it to a running node");
    install.add_option("--dir", a.dir, "the node's directory").required();
    install.add_option("file", a.file, "the signed directory").required();
    install.callback([&] {
        run = [&a] {
            return done(install_directory_file(a.dir, a.file));
        };
    });

    auto enrol =
        app.add_subcommand("enrol", "Enrol a person with the approval of two who are on the roll");
    enrol.add_option("--dir", a.enrolling.dir, "the node's directory").required();
    enrol.add_option("--person", a.enrolling.person, "the pseudonym").required();
    enrol.add_option("--office", a.enrolling.office, "the office").required();
    enrol.add_option("--role", a.enrolling.roles, "roles in that office").required();
    enrol.add_option("--passkey", a.enrolling.passkey, "the person's passkey file").required();
    enrol.add_option("--by", a.enrolling.by, "person=passkey-file, twice").required();
    enrol.add_option("--days", a.enrolling.days, "how long entry and training are valid");
    enrol.callback([&] {
        run = [&a] {
            return done(enrol_by_hand(a.enrolling));
        };
    });
}

void add_act(Command app, Arguments& a, std::function<int()>& run) {
    auto act = app.subcommand("case").add_subcommand("act", "Perform an act with a passkey file");
    act.add_option("--dir", a.acting.dir, "the node's directory").required();
    act.add_option("--act", a.acting.act, "the act, for example request").required();
    act.add_option("--case", a.acting.case_id, "the case; without it a case is opened");
    act.add_option("--procedure", a.acting.procedure, "for a new case");
    act.add_option("--person", a.acting.person, "who acts").required();
    act.add_option("--office", a.acting.office, "in which office").required();
    act.add_option("--role", a.acting.role, "in which role").required();
    act.add_option("--passkey", a.acting.passkey, "the person's passkey file").required();
    act.add_option("--fields", a.acting.fields, "JSON file with the form's fields").required();
    act.add_option("--opening", a.acting.opening, "JSON file with the parties of a new case");
    act.add_option("--joining", a.acting.joining, "the authority that is consulted");
    act.callback([&] {
        run = [&a] {
            return done(act_by_hand(a.acting));
        };
    });
}

int run_program(int argc, char** argv) {
    CommandLine line(
        "Comity: an open, federated exchange for cross-border law-enforcement requests for "
        "electronic data",
        COMITY_VERSION);
    Command app = line.root();
    Arguments a;
    std::function<int()> run;
    add_node(app, a, run);
    add_backup(app, a, run);
    add_case(app, a, run);
    add_verify(app, a, run);
    add_monitor(app, run);
    add_oversight(app, run);
    add_stats(app, run);
    add_release(app, run);
    add_drill(app, run);
    add_founders(app, run);
    add_webhooks(app, run);
    add_by_hand(app, a, run);
    add_act(app, a, run);
    PlanOptions plan;
    add_plan(app, plan, run);
    add_law(app, a.laws, run);
    AssessOptions assessing;
    add_assess(app, assessing, run);
    app.add_subcommand("openapi", "The interface of the pages as an OpenAPI 3.1 document")
        .callback([&] {
            run = [] {
                fmt::print("{}", api::openapi_text());
                return 0;
            };
        });
    app.add_subcommand("refusals", "Every refusal code with rule, source and remedy").callback([&] {
        run = refusals;
    });
    if (const auto ended = line.parse(argc, argv)) return *ended;
    return run();
}

} // namespace

} // namespace comity::apps

int main(int argc, char** argv) {
    // Before anything else allocates: what passed through is not to stay in memory (T22).
    if (!comity::crypto::wipe_freed_memory()) {
        fmt::print(stderr, "comity: OpenSSL was in use before it could be told to wipe\n");
        return 3;
    }
    try {
        return comity::apps::run_program(argc, argv);
    } catch (const std::exception& fault) {
        fmt::print(stderr, "comity: fault: {}\n", fault.what());
        return 3;
    }
}
