print("paylinks")
