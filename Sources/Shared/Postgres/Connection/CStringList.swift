import Glibc

/// A list of C strings that ends with NULL, as C functions take it; frees them with itself. (`strdup`, `free`)
@safe
struct CStringList: ~Copyable {
    private let strings: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>

    init(_ list: [String]) {
        unsafe strings = .allocate(capacity: list.count + 1)
        for (index, string) in list.enumerated() {
            unsafe strings.initializeElement(at: index, to: UnsafePointer(strdup(string)))
        }
        unsafe strings.initializeElement(at: list.count, to: nil)
    }

    deinit {
        for index in unsafe 0..<strings.count { unsafe free(UnsafeMutablePointer(mutating: strings[index])) }
        unsafe strings.deallocate()
    }

    /// Valid for as long as the list lives.
    var pointer: UnsafePointer<UnsafePointer<CChar>?>? { unsafe UnsafePointer(strings.baseAddress) }
}
