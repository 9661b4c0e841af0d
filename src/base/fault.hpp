// A fault: the world failed (disk, database, network). Thrown where it happens, caught in exactly
// one place per entry (a request, a job, main). Outside it shows only an incident number; its text
// is for the log.
#pragma once

#include <stdexcept>
#include <string>

namespace comity {

class Fault : public std::runtime_error {
public:
    explicit Fault(const std::string& what) : std::runtime_error(what) {}
};

/// The disk is full or read-only: nothing acknowledged is lost, nothing new is accepted.
class StorageFault : public Fault {
public:
    explicit StorageFault(const std::string& what) : Fault(what) {}
};

} // namespace comity
